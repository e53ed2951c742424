"""The ledger as a heatmap in the terminal: a row per weekday, a column per week."""

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flows.cli.output import say

if TYPE_CHECKING:
    from rich.text import Text

_SIGNS = {
    "loaded": ("■", "green"),
    "open": ("◧", "yellow"),
    "truncated": ("▣", "cyan"),
    "partial": ("◔", "cyan"),
    "legit_empty": ("○", "bright_black"),
    "closed": ("·", "bright_black"),
    "held": ("h", "magenta"),
    "outage": ("x", "red"),
    "late": ("?", "yellow"),
    "missing": ("✗", "red"),
}
"""The sign and the style of each state of the ledger."""
_WEEKS_SHOWN = 26
_DAYS_LISTED = 6


def draw_heatmap(feed_id: str, days: Sequence[tuple[date, str]]) -> None:
    """Draw the newest half year of one feed; in a pipe, print a line per state with its days.

    ``days`` are (day, state), the oldest first.
    """
    if not days:
        return
    if sys.stdout.isatty():
        _draw(feed_id, dict(days))
    else:
        _list_states(feed_id, days)


def _list_states(feed_id: str, days: Sequence[tuple[date, str]]) -> None:
    """Print the days of each state but those that are as expected."""
    for name in _SIGNS:
        of_state = [str(day) for day, state in days if state == name]
        if of_state and name not in ("loaded", "legit_empty", "closed"):
            say(f"{feed_id}\t{name}\t{len(of_state)}\t{_span(of_state)}")


def _draw(feed_id: str, states: dict[date, str]) -> None:
    from rich.console import Console
    from rich.text import Text

    first, last = min(states), max(states)
    first = max(first, last - timedelta(weeks=_WEEKS_SHOWN))
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    console = Console(highlight=False)
    console.print(f"[bold]{feed_id}[/bold]  {first} to {last}")
    for weekday in range(7):
        line = Text("MTWTFSS"[weekday] + " ")
        for week in range(weeks):
            state = states.get(monday + timedelta(days=7 * week + weekday), "")
            sign, style = _SIGNS.get(state, (" ", ""))
            line.append(f"{sign} ", style)
        console.print(line)
    for line in _legend(console.width):
        console.print(line)


def _legend(width: int) -> "list[Text]":
    """Return what the signs mean, in lines that end between two of them."""
    from rich.text import Text

    lines = [Text()]
    for name, (sign, style) in _SIGNS.items():
        entry = f"{sign} {name}"
        if lines[-1].cell_len + len(entry) > width:
            lines.append(Text())
        lines[-1].append(f"{entry}  ", style)
    for line in lines:
        line.rstrip()
    return lines


def _span(days: Sequence[str]) -> str:
    shown = ", ".join(days[:_DAYS_LISTED])
    return shown if len(days) <= _DAYS_LISTED else f"{shown}, ... {days[-1]}"
