"""The ledger as a picture in the terminal: a row per weekday, a column per week."""

import sys
from collections.abc import Sequence
from datetime import date, timedelta

from flows.cli.output import say

_SIGNS = {
    "loaded": ("■", "green"),
    "open": ("◧", "yellow"),
    "truncated": ("▣", "cyan"),
    "legit_empty": ("·", "bright_black"),
    "held": ("h", "magenta"),
    "outage": ("x", "red"),
    "late": ("?", "yellow"),
    "missing": ("✗", "red"),
}
_WEEKS_SHOWN = 26


def draw_calendar(feed_id: str, days: Sequence[tuple[date, str]]) -> None:
    """Draw the newest half year of one feed; in a pipe, a line per state with its days."""
    if not days:
        return
    if not sys.stdout.isatty():
        for name in _SIGNS:
            of_state = [str(day) for day, found in days if found == name]
            if of_state and name not in ("loaded", "legit_empty"):
                say(f"{feed_id}\t{name}\t{len(of_state)}\t{_spans(of_state)}")
        return
    from rich.console import Console
    from rich.text import Text

    states = dict(days)
    last = days[-1][0]
    first = max(days[0][0], last - timedelta(weeks=_WEEKS_SHOWN))
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    console = Console(highlight=False)
    console.print(f"[bold]{feed_id}[/bold]  {first} to {last}")
    for weekday in range(7):
        line = Text("MTWTFSS"[weekday] + " ")
        for week in range(weeks):
            state = states.get(monday + timedelta(days=7 * week + weekday))
            cell, style = _SIGNS.get(state or "", (" ", ""))
            line.append(f"{cell} ", style)
        console.print(line)
    legend = Text()
    for name, (sign, style) in _SIGNS.items():
        legend.append(f"{sign} {name}  ", style)
    console.print(legend)


def _spans(days: Sequence[str]) -> str:
    shown = ", ".join(days[:6])
    return shown if len(days) <= 6 else f"{shown}, ... {days[-1]}"
