"""Numbers with their nouns, as every text for people says them."""


def say_count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 day``, ``2 days``, ``1,000 entries``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {say_several(noun)}"


def say_several(noun: str) -> str:
    """Return the plural of a noun: ``days``, ``entries``."""
    return f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"


def say_usual(number: float) -> str:
    """Return what is usual or expected: to a tenth where it is small, and not whole."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
