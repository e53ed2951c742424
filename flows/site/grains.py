"""The lengths of periods, in words."""

from datetime import date
from typing import Final

GRAINS: Final = ("week", "four-weeks", "month")
"""The shortest first."""
_ONE: Final = {"week": "week", "four-weeks": "four weeks", "month": "month"}
_MANY: Final = {"week": "weeks", "four-weeks": "periods of four weeks", "month": "months"}


def period(grain: str) -> str:
    """Return one period, as in ``share by week``."""
    return _ONE[grain]


def periods(grain: str) -> str:
    """Return several of them, as in ``too few weeks``."""
    return _MANY[grain]


def say_periods(count: int, grain: str) -> str:
    """Return how many there are."""
    one = "period of four weeks" if grain == "four-weeks" else _ONE[grain]
    return f"{count:,} {one if count == 1 else _MANY[grain]}"


def name_period(start: date, grain: str) -> str:
    """Return the name of the period that begins on a day: ``the week of 9 Jun 2025``."""
    if grain == "month":
        return f"{start:%B %Y}"
    day = f"{start.day} {start:%b %Y}"
    return f"the week of {day}" if grain == "week" else f"the four weeks from {day}"
