"""Small drawings without a library: sparklines, and votes over a paper's age on fixed axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDTH: Final = 132
_HEIGHT: Final = 32
_INSET: Final = 3

VOTES_WIDTH: Final = 560
VOTES_HEIGHT: Final = 240
VOTES_LEFT: Final = 52
VOTES_RIGHT: Final = 12
_TOP: Final = 10
_BOTTOM: Final = 34
_OLDEST: Final = 730
"""Days; older looks are drawn at the end of the axis."""
_MOST_VOTES: Final = 2_000
AGE_TICKS: Final = (0, 1, 3, 7, 14, 30, 90, 365)
VOTE_TICKS: Final = (0, 1, 3, 10, 30, 100, 300, 1000)


@dataclass(frozen=True)
class Sparkline:
    """A line from zero to the highest share: the path, the area below it, and its last point."""

    width: int
    height: int
    line: str
    area: str
    last_x: float
    last_y: float
    label: str


def sparkline(shares: Sequence[float], label: str) -> Sparkline | None:
    """Return a drawing of shares, the oldest first; None of fewer than two."""
    if len(shares) < 2:
        return None
    top = max(shares) or 1.0
    step = (_WIDTH - 2 * _INSET) / (len(shares) - 1)
    points = [
        (
            round(_INSET + step * place, 1),
            round(_HEIGHT - _INSET - (_HEIGHT - 2 * _INSET) * share / top, 1),
        )
        for place, share in enumerate(shares)
    ]
    line = "M" + "L".join(f"{x},{y}" for x, y in points)
    floor = _HEIGHT - _INSET
    area = f"{line}L{points[-1][0]},{floor}L{points[0][0]},{floor}Z"
    return Sparkline(_WIDTH, _HEIGHT, line, area, *points[-1], label)


def age_x(age_days: float) -> float:
    """Return where an age stands on the axis of the votes: by the logarithm of 1 + days."""
    share = math.log1p(min(max(age_days, 0), _OLDEST)) / math.log1p(_OLDEST)
    return round(VOTES_LEFT + (VOTES_WIDTH - VOTES_LEFT - VOTES_RIGHT) * share, 1)


def votes_y(votes: float) -> float:
    """Return where votes stand on their axis: by the logarithm of 1 + votes."""
    share = math.log1p(min(max(votes, 0), _MOST_VOTES)) / math.log1p(_MOST_VOTES)
    return round(VOTES_HEIGHT - _BOTTOM - (VOTES_HEIGHT - _TOP - _BOTTOM) * share, 1)
