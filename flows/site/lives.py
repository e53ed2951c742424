"""What a curve through the months of a topic tells of its life, in words."""

from collections.abc import Callable
from datetime import date

from warehouse.trend_values import Life


def tell_course(life: Life, say: Callable[[date | None], str] = str) -> str:
    """Return what the curve tells, with its 95 % intervals, as the end of a sentence.

    ``say`` puts its dates in words.
    """
    if life.course == "too few papers":
        return "too few papers, or months, for a curve"
    if life.course == "steady":
        return "a curve with a peak explains no more than a share that stays the same"
    if life.course == "another course":
        return "it rises and falls otherwise than a Gompertz curve, or two, would"
    if life.course == "rising":
        return f"not past its peak, which is not before {say(life.curve_peak_low)} (95 %)"
    if life.course == "fading":
        return f"past its peak, which came by {say(life.curve_peak_high)} (95 %)"
    return "; ".join(_peaks(life, say))


def _peaks(life: Life, say: Callable[[date | None], str]) -> list[str]:
    share = "" if life.curve_share is None else f" at {life.curve_share:.1%}"
    low, high = life.curve_peak_low, life.curve_peak_high
    peak = f"{say(life.curve_peak_date)} ({say(low)} to {say(high)})"
    told = [f"a Gompertz curve peaks on {peak}{share}"]
    if life.curve_months_to_peak is not None:
        ends = _between(life.curve_months_to_peak_low, life.curve_months_to_peak_high)
        told.append(f"{life.curve_months_to_peak:.1f} months ({ends}) after it was first seen")
    if life.curve_half_life_months is not None:
        ends = _between(life.curve_half_life_low, life.curve_half_life_high)
        told.append(f"half of it {life.curve_half_life_months:.1f} months later ({ends})")
    if life.curve_second_date is not None:
        low, high = life.curve_second_low, life.curve_second_high
        told.append(f"a second peak on {say(life.curve_second_date)} ({say(low)} to {say(high)})")
    return told


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return "no lower bound"
    return f"{low:.1f} to {high:.1f}" if high is not None else f"{low:.1f} or more"
