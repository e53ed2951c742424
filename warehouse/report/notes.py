"""What no check calls wrong and a person may want to mend: missing days, what was kept out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from shlex import quote

from warehouse.counted import say_count
from warehouse.report.facts import Facts, Row

_MISSING = ("missing", "outage", "held")
_NAMED = 3


@dataclass(frozen=True)
class Note:
    """One sentence, and the command that shows or mends it."""

    sentence: str
    command: str | None = None


def list_notes(
    facts: Facts, refused: Sequence[Row], program: str, fetchable: Collection[str]
) -> list[Note]:
    """Return the notes: days without a list by feed, then what was kept out.

    ``fetchable`` are the feeds whose past can be looked at.
    """
    missing = _missing_days(facts, program, fetchable)
    return [*missing, *_kept_out(facts, refused, program)]


def _missing_days(facts: Facts, program: str, fetchable: Collection[str]) -> Iterator[Note]:
    for feed_id, days in facts.days.items():
        missing = [day["feed_date"] for day in days if day["state"] in _MISSING]
        cut = [day["feed_date"] for day in days if day["state"] == "truncated"]
        half_year = f"the half year to {days[-1]['feed_date']}" if days else ""
        for dates, said in ((missing, "without a list"), (cut, "of which a part is missing")):
            if dates:
                days_said = f"{say_count(len(dates), 'day')} {said} in {half_year}"
                sentence = f"{feed_id}: {days_said}: {_say_dates(dates)}."
                backfill = f"{program} backfill {quote(feed_id)} --from {dates[0]} --to {dates[-1]}"
                yield Note(sentence, backfill if feed_id in fetchable else None)


def _say_dates(dates: Sequence[object]) -> str:
    if len(dates) <= _NAMED:
        return ", ".join(map(str, dates))
    return f"from {dates[0]} to {dates[-1]}"


def _kept_out(facts: Facts, refused: Sequence[Row], program: str) -> Iterator[Note]:
    files = sum(row["count"] for row in refused)
    if files:
        last = f"the last is {refused[0]['example']}" if len(refused) == 1 else "see below"
        yield Note(f"{say_count(files, 'file')} refused: {last}.")
    for kind, noun, command in (
        ("captures held", "capture", "captures list --state held"),
        ("entries rejected", "entry", "rejects list"),
    ):
        number = sum(row["count"] for row in facts.kept_out if row["kind"] == kind)
        if number:
            said = kind.split()[1]
            yield Note(
                f"{say_count(number, noun)} {said} in all: the reasons are below.",
                f"{program} {command}",
            )
