"""The sections about checks: one sentence on top, what is wrong, and the history of every check."""

from collections.abc import Sequence

from warehouse.report.facts import say_time
from warehouse.report.history import SHOWN_RUNS, Result, Series
from warehouse.report.parts import Html, count, element, join, read_rows, scroll, table, text

_CLASSES = ("good", "warn", "bad")
_STATES = {"failed": "Does not hold", "broken": "Could not be checked"}
_SIGNS = {"passed": "", "failed": "!", "broken": "?"}


def show_sentence(series: Sequence[Series]) -> Html:
    """Say in one sentence whether all is well."""
    wrong = [one.last for one in series if one.last.is_bad]
    worst = max((result.badness for result in wrong), default=0)
    return element("p", _say(wrong, worst, len(series)), class_=f"verdict {_CLASSES[worst]}")


def show_wrong(series: Sequence[Series]) -> Html:
    """Show each failed or broken check: since when, what was expected, the failing rows."""
    wrong = [one for one in series if one.last.is_bad]
    if not wrong:
        return element("p", "Nothing.")
    return join(_show_finding(one) for one in wrong)


def show_history(series: Sequence[Series]) -> Html:
    """Show the last runs of every check as small squares."""
    rows = [
        element(
            "tr",
            element("th", one.last.title, scope="row"),
            element("td", _show_squares(one.results[-SHOWN_RUNS:]), class_="runs"),
            element("td", _say_last_bad(one), class_="said"),
        )
        for one in series
    ]
    head = element(
        "tr",
        element("th", "Check", scope="col"),
        element("th", f"Last {SHOWN_RUNS} runs, the newest right", scope="col"),
        element("th", "", scope="col"),
    )
    body = element("table", element("thead", head), element("tbody", *rows), class_="history")
    return join((scroll(body), _LEGEND))


_LEGEND = element(
    "p",
    *(
        element("span", element("i", sign, class_=f"square {name}", aria_hidden="true"), said)
        for name, sign, said in (
            ("good", "", "passed"),
            ("warn", "!", "failed, a warning"),
            ("bad", "!", "failed, critical"),
            ("bad", "?", "broken: the check itself could not run"),
        )
    ),
    class_="legend",
)


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


def _show_finding(series: Series) -> Html:
    result = series.last
    rows = read_rows(result.failing_rows)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    shown = [
        element("h3", f"{_STATES.get(result.state, result.state)}: {result.title.lower()}"),
        element(
            "p",
            element("b", result.severity.capitalize(), class_=_CLASSES[result.badness]),
            ". ",
            _say_since(series),
            class_="state",
        ),
        element(
            "dl",
            element("dt", "Expected"),
            element("dd", result.expected),
            element("dt", "Observed"),
            element("dd", result.observed),
        ),
    ]
    if rows:
        names = [column.replace("_", " ") for column in columns]
        shown.append(table(names, [[row.get(column) for column in columns] for row in rows]))
    return element(
        "section", *shown, class_=f"finding {_CLASSES[result.badness]}", id=result.check_id
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


def _show_squares(results: Sequence[Result]) -> Html:
    bad = sum(result.is_bad for result in results)
    said = f"{count(len(results), 'run')}, {bad or 'none'} of them bad"
    squares = [
        element(
            "i",
            _SIGNS.get(result.state, "?"),
            class_=f"square {_CLASSES[result.badness]}",
            title=f"{say_time(result.checked_at)}: {result.state}. {result.observed}"[:300],
        )
        for result in results
    ]
    return element("span", *squares, role="img", aria_label=said)


def _say_last_bad(series: Series) -> Html:
    bad = [result for result in series.results if result.is_bad]
    if not bad:
        return text("always passed")
    if series.last.is_bad:
        return element("a", f"{series.last.state} now", href=f"#{series.last.check_id}")
    return text(f"{bad[-1].state} last on {bad[-1].checked_at:%Y-%m-%d}")
