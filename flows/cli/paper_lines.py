"""How lists for people show a paper."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from flows.cli.output import is_narrower_than

T = TypeVar("T")

_HEADINGS = ("paper", "date", "votes", "topic", "gained")
_WIDE = 110
"""Columns of a terminal from which on topics are shown: a narrow one has no room for them."""


def paper_headings(*, has_gain: bool = False) -> Sequence[str]:
    """Return the headings of :func:`paper_line`."""
    return _fitting(_HEADINGS if has_gain else _HEADINGS[:4])


def paper_line(
    name: tuple[str, str],
    paper_date: date | None,
    votes: int | None,
    topic_id: str | None,
    gain: tuple[int | None, float | None] | None = None,
) -> Sequence[object]:
    """Return the cells of a paper: ``name`` is title and id, ``gain`` votes and hours."""
    title, paper_id = name
    line = (f"{title} ({paper_id})", paper_date, votes, topic_id)
    return _fitting(line if gain is None else (*line, show_gain(*gain)))


def show_gain(votes: int | None, hours: float | None) -> str:
    """Return votes gained and the time that it took; empty where one is not known."""
    if votes is None or hours is None:
        return ""
    # a sign before it would make it a formula, which a list escapes
    gained = f"{votes:,}" if votes >= 0 else f"{-votes:,} lost"
    return f"{gained} in " + (f"{hours:.0f} h" if hours >= 1 else f"{60 * hours:.0f} min")


def _fitting(cells: Sequence[T]) -> Sequence[T]:
    return [*cells[:3], *cells[4:]] if is_narrower_than(_WIDE) else cells
