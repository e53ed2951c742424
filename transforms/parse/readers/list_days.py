"""The day of a list as its entries state it."""

from collections.abc import Sequence
from datetime import date

from transforms.parse.entry import Parsed
from transforms.years import PLAUSIBLE_YEARS


def state_days(
    days: Sequence[date | None], parsed: Parsed, texts: Sequence[str | None] | None = None
) -> None:
    """Note what the entries state, a day each or None, in ``feed_date`` and ``stated_days``.

    Where they do not agree, each entry keeps its day in ``stated_date``; ``texts`` are what they
    show, kept where it is no day.
    """
    stated = sorted({day for day in days if day})
    if len(stated) == 1 and None not in days and parsed.feed_date is None:
        parsed.feed_date = stated[0]
    if stated == [parsed.feed_date]:
        return
    parsed.stated_days = tuple(day for day in stated if day.year in PLAUSIBLE_YEARS)
    if parsed.stated_days:
        shown = texts or [None] * len(days)
        parsed.entries = [
            entry._replace(stated_date=day.isoformat() if day else text)
            for entry, day, text in zip(parsed.entries, days, shown, strict=True)
        ]
