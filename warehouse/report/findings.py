"""The sections about checks: one sentence on top, what is wrong, and the history of every check."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.counted import say_count
from warehouse.report.advice import advise, fill_commands
from warehouse.report.facts import say_time
from warehouse.report.history import SHOWN_RUNS, Result, Series
from warehouse.report.notes import Note
from warehouse.report.parts import LegendEntry, Table, read_rows

DayCaptures = Mapping[tuple[str, str], Sequence[str]]
"""The beginnings of the ids of the captures of a day, by feed and date."""

_LEVELS = ("good", "warn", "bad")
_BROKEN = "The check itself could not run: see what it says, and check again."
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
    """A failed or broken check: since when, what was expected, the failing rows, what to do."""

    check_id: str
    level: str
    heading: str
    severity: str
    since: str
    expected: str
    observed: str
    rows: Table | None
    mend: str
    commands: Sequence[str]


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
    if series and not worst and not _was_judged(series):
        return Verdict("warn", _say_unjudged(len(series)))
    return Verdict(_LEVELS[worst], _say(wrong, worst, len(series)))


def find_wrong(
    series: Sequence[Series],
    program: str,
    fetchable: Collection[str],
    captures: DayCaptures | None = None,
) -> list[Finding]:
    """Return the failed or broken checks; ``program`` begins every command, ``fetchable`` are the
    feeds whose past can be looked at.
    """
    return [_describe(one, program, fetchable, captures or {}) for one in series if one.last.is_bad]


def note_unjudged(series: Sequence[Series], program: str) -> list[Note]:
    """Return what to do where a run checked no more than that all adds up."""
    if not series or _was_judged(series):
        return []
    sentence = "Not checked yet: whether days, feeds and values are as usual."
    return [Note(sentence, f"{program} quality")]


def describe_history(series: Sequence[Series]) -> list[CheckHistory]:
    """Return the last runs of every check."""
    return [_describe_runs(one) for one in series]


def _was_judged(series: Sequence[Series]) -> bool:
    return any(one.last.layer == "judgement" for one in series)


def _say_unjudged(checks: int) -> str:
    return (
        f"All adds up, by {say_count(checks, 'check')}. Whether feeds are fresh, days complete and"
        " values as usual was not checked."
    )


def _say(wrong: Sequence[Result], worst: int, checks: int) -> str:
    if not wrong:
        return f"All is well: all {checks} checks passed." if checks else "Nothing was checked."
    named = [result for result in wrong if result.badness == worst]
    said = _list([_say_wrong(result) for result in named])
    if worst == 2:
        return f"Not well: {said}. That stops publishing."
    warnings = say_count(len(wrong), "warning")
    return f"Usable, with {warnings} from {say_count(checks, 'check')}: {said}."


def _say_wrong(result: Result) -> str:
    """Return what is wrong as a clause."""
    if result.state == "failed":
        return advise(result.check_id).wrong
    return f"it is not known whether {result.title.lower()}: the check could not run"


def _list(clauses: Sequence[str]) -> str:
    """Return clauses as a list in a sentence, the first three of them in words."""
    shown = list(clauses[:3])
    if len(clauses) > 3:
        shown.append(f"{len(clauses) - 3} more")
    return shown[0] if len(shown) == 1 else f"{'; '.join(shown[:-1])}; and {shown[-1]}"


def _describe(
    series: Series, program: str, fetchable: Collection[str], captures: DayCaptures
) -> Finding:
    result = series.last
    rows = [_with_captures(row, captures) for row in read_rows(result.failing_rows)]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    names = [column.replace("_", " ") for column in columns]
    cells = [[row.get(column) for column in columns] for row in rows]
    table = Table.of(names, cells, longest=None)
    advice = advise(result.check_id)
    wrong = _say_wrong(result)
    is_failed = result.state == "failed"
    return Finding(
        check_id=result.check_id,
        level=_LEVELS[result.badness],
        heading=f"{wrong[0].upper()}{wrong[1:]}",
        severity=result.severity.capitalize(),
        since=_say_since(series),
        expected=result.expected,
        observed=result.observed,
        rows=table if rows else None,
        mend=advice.mend if is_failed else _BROKEN,
        commands=fill_commands(advice, rows, program, fetchable)
        if is_failed
        else [f"{program} quality"],
    )


def _with_captures(row: dict[str, Any], captures: DayCaptures) -> dict[str, Any]:
    """Return a row that is about a day with the captures of that day."""
    named = captures.get((str(row.get("feed_id")), str(row.get("feed_date"))))
    return {**row, "captures_of_the_day": ", ".join(named)} if named else row


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
    label = f"{say_count(len(results), 'run')}, {bad or 'none'} of them bad"
    link = series.last.check_id if series.last.is_bad else None
    return CheckHistory(series.last.title, label, squares, _say_last_bad(series), link)


def _say_last_bad(series: Series) -> str:
    bad: list[Result] = [result for result in series.results if result.is_bad]
    if not bad:
        return "always passed"
    if series.last.is_bad:
        return f"{series.last.state} now"
    return f"{bad[-1].state} last on {bad[-1].checked_at:%Y-%m-%d}"
