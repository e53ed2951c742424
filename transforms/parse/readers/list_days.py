"""The day of a list as its entries state it, and the entries that state another one."""

from collections.abc import Sequence
from datetime import date

from transforms.parse.entry import Context, Misfit, Parsed


def state_days(days: Sequence[date | None], parsed: Parsed, context: Context) -> None:
    """Note what the entries state, a day each or None, in ``feed_date`` and ``stated_days``.

    Where they do not agree, each that states another day than the list is given as is noted.
    """
    stated = sorted({day for day in days if day})
    if len(stated) == 1 and None not in days and parsed.feed_date is None:
        parsed.feed_date = stated[0]
    parsed.stated_days = () if stated == [parsed.feed_date] else tuple(stated)
    given = context.feed_date or parsed.feed_date
    if len(stated) < 2 or given is None:
        return
    for position, day in enumerate(days):
        if day not in (None, given):
            reason = f"the entry states {day} as the day of its list, which is that of {given}"
            parsed.misfits.append(Misfit(position, "feed_date", "date_conflict", reason, str(day)))
