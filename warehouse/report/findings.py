"""The sections about checks: one sentence on top, what is wrong, and the history of every check."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.report.facts import say_time
from warehouse.report.history import SHOWN_RUNS, Result, Series
from warehouse.report.parts import LegendEntry, Table, count, read_rows

_LEVELS = ("good", "warn", "bad")
_STATES = {"failed": "Does not hold", "broken": "Could not be checked"}
_SIGNS = {"passed": "", "failed": "!", "broken": "?"}

CHECK_LEGEND = (
    LegendEntry("square good", "", "passed"),
    LegendEntry("square warn", "!", "failed, a warning"),
    LegendEntry("square bad", "!", "failed, critical"),
    LegendEntry("square bad", "?", "broken: the check itself could not run"),
)


@dataclass(frozen=True)
class Verdict:
    """Whether all is well, in one sentence; ``level`` is good, warn or bad."""

    level: str
    sentence: str


@dataclass(frozen=True)
class Finding:
    """A failed or broken check: since when, what was expected, the failing rows."""

    check_id: str
    level: str
    heading: str
    severity: str
    since: str
    expected: str
    observed: str
    rows: Table | None


@dataclass(frozen=True)
class Square:
    """One result of a check."""

    level: str
    sign: str
    title: str


@dataclass(frozen=True)
class CheckHistory:
    """The last runs of one check; ``link`` is the finding that it leads to, if it fails now."""

    title: str
    label: str
    squares: Sequence[Square]
    last_bad: str
    link: str | None


def judge(series: Sequence[Series]) -> Verdict:
    """Say in one sentence whether all is well."""
    wrong = [one.last for one in series if one.last.is_bad]
    worst = max((result.badness for result in wrong), default=0)
    return Verdict(_LEVELS[worst], _say(wrong, worst, len(series)))


def find_wrong(series: Sequence[Series]) -> list[Finding]:
    """Return the failed or broken checks."""
    return [_describe(one) for one in series if one.last.is_bad]


def describe_history(series: Sequence[Series]) -> list[CheckHistory]:
    """Return the last runs of every check."""
    return [_describe_runs(one) for one in series]


def _say(wrong: Sequence[Result], worst: int, checks: int) -> str:
    if not wrong:
        return f"All is well: all {checks} checks passed." if checks else "Nothing was checked."
    named = [result for result in wrong if result.badness == worst]
    failed = [result.title.lower() for result in named if result.state == "failed"]
    broken = [result.title.lower() for result in named if result.state != "failed"]
    clauses = []
    if failed:
        clauses.append(f"it does not hold that {_list(failed)}")
    if broken:
        clauses.append(f"it could not be checked whether {_list(broken)}")
    said = ", and ".join(clauses)
    if worst == 2:
        return f"Not well: {said}. That stops publishing."
    return f"Usable, with {count(len(wrong), 'warning')} from {count(checks, 'check')}: {said}."


def _list(titles: Sequence[str]) -> str:
    """Return titles as a list in a sentence, the first three of them by name."""
    shown = list(titles[:3])
    if len(titles) > 3:
        shown.append(f"{len(titles) - 3} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _describe(series: Series) -> Finding:
    result = series.last
    rows = read_rows(result.failing_rows)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    names = [column.replace("_", " ") for column in columns]
    table = Table.of(names, [[row.get(column) for column in columns] for row in rows])
    return Finding(
        check_id=result.check_id,
        level=_LEVELS[result.badness],
        heading=f"{_STATES.get(result.state, result.state)}: {result.title.lower()}",
        severity=result.severity.capitalize(),
        since=_say_since(series),
        expected=result.expected,
        observed=result.observed,
        rows=table if rows else None,
    )


def _say_since(series: Series) -> str:
    since = series.since
    if since is None:
        return ""
    when = say_time(since.checked_at)
    runs = "1 run" if series.bad_runs == 1 else f"{series.bad_runs:,} runs in a row"
    if series.was_ever_good:
        return f"Since {when} ({runs})."
    return f"Since {when}, when it was first checked ({runs})."


def _describe_runs(series: Series) -> CheckHistory:
    results = series.results[-SHOWN_RUNS:]
    bad = sum(result.is_bad for result in results)
    squares = [
        Square(
            _LEVELS[result.badness],
            _SIGNS.get(result.state, "?"),
            f"{say_time(result.checked_at)}: {result.state}. {result.observed}"[:300],
        )
        for result in results
    ]
    label = f"{count(len(results), 'run')}, {bad or 'none'} of them bad"
    link = series.last.check_id if series.last.is_bad else None
    return CheckHistory(series.last.title, label, squares, _say_last_bad(series), link)


def _say_last_bad(series: Series) -> str:
    bad: list[Result] = [result for result in series.results if result.is_bad]
    if not bad:
        return "always passed"
    if series.last.is_bad:
        return f"{series.last.state} now"
    return f"{bad[-1].state} last on {bad[-1].checked_at:%Y-%m-%d}"
