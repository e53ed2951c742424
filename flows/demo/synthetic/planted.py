"""What was planted in a sample of captures: the truth that tests and the demo compare with."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Burst:
    """A topic that rises from about 2 % of a day's papers to about 25 % on its onset."""

    topic_id: str
    phrases: tuple[str, ...]
    """Every paper of the burst has one of them in its title."""
    onset: date
    """The first feed date of the higher share; a Monday, unless the sample is very short."""
    days: tuple[date, ...]
    """The feed dates with a list from the onset on."""
    papers_before: int
    papers_since: int


@dataclass(frozen=True)
class FlawedEntry:
    """A wrong value in one entry of one capture. ``position`` counts from 0.

    ``field`` is its name in the source; ``paper_id`` is null where the id itself is the flaw.
    """

    path: Path
    position: int
    field: str
    paper_id: str | None


@dataclass(frozen=True)
class RefusedFile:
    """A file from which nothing can land."""

    path: Path
    kind: Literal["empty", "picture", "cut_json"]


@dataclass(frozen=True)
class MisplacedList:
    """A list that lies under the date of another one: it has to be held."""

    path: Path
    feed_date: date
    """The date that its path gives."""
    own_date: date
    """The one that its entries state."""


@dataclass(frozen=True)
class LateCapture:
    """A look at an old list, taken weeks after its day, with more votes."""

    path: Path
    feed_date: date
    captured_at: datetime


@dataclass(frozen=True)
class OldShape:
    """A look whose body has one of the older shapes of the API."""

    path: Path
    shape: Literal["wrapped", "repr", "no_data", "one", "empty_list"]


@dataclass(frozen=True)
class Planted:
    """The truth about a sample. All paths are relative to its folder, in the order of writing.

    ``captures`` counts the looks that can land, the search page and the
    misplaced list included, refused files not.
    ``entries`` counts all entries in them, those to be rejected included. ``paper_ids`` counts the
    distinct ids of entries that are not to be rejected. Times are in UTC.
    """

    captures: int
    entries: int
    paper_ids: int
    bursts: tuple[Burst, ...]
    missing_day: date | None = None
    """A weekday without any look."""
    empty_days: tuple[date, ...] = ()
    """Weekends: one look each, after the end of the day, without entries."""
    retitled: tuple[str, ...] = ()
    """Ids whose title differs between the first look of their day and all later ones."""
    late: tuple[LateCapture, ...] = ()
    late_papers: tuple[str, ...] = ()
    """Ids that the first look of their day does not show, though later ones do."""
    truncated: Path | None = None
    """A look cut at 50 entries: the only look at its day after the day's end."""
    truncated_day: date | None = None
    cut_papers: tuple[str, ...] = ()
    """Ids that the truncated look no longer shows, though the first look of that day does."""
    refused: tuple[RefusedFile, ...] = ()
    misplaced: tuple[MisplacedList, ...] = ()
    rejected_entries: tuple[FlawedEntry, ...] = ()
    nulled_values: tuple[FlawedEntry, ...] = ()
    old_shapes: tuple[OldShape, ...] = ()
    search_page: Path | None = None
    search_only: tuple[str, ...] = ()
    """Titles of papers that no list shows: the search page is all that is known of them."""
    search_joined: tuple[str, ...] = ()
    """Ids of listed papers that the search page shows too, without their ids."""

    @property
    def papers(self) -> int:
        """Return how many papers there are: those with an id and those of the search page alone."""
        return self.paper_ids + len(self.search_only)
