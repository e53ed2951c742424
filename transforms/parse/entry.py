"""What every parser returns: the one signature behind which the formats stand."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One paper as one capture shows it: right types, unchecked values; None is "not shown".

    Times are the texts that the source gives; ``published_date`` is an ISO date. ``is_withdrawn``
    is true where the source marks the paper as withdrawn; what its comment says is read later.
    ``stated_date`` is the day of the list that the entry itself states, ISO where it can be read;
    it is given only where the entries of a capture do not agree in it.
    """

    position: int
    source_id: str | None = None
    title: str | None = None
    abstract: str | None = None
    authors: list[str] | None = None
    published_at: str | None = None
    submitted_at: str | None = None
    listed_at: str | None = None
    published_date: str | None = None
    votes: int | None = None
    comments: int | None = None
    stars: int | None = None
    organisation: str | None = None
    submitter: str | None = None
    github_url: str | None = None
    project_url: str | None = None
    keywords: list[str] | None = None
    categories: list[str] | None = None
    discussion_id: str | None = None
    announce_type: str | None = None
    author_comment: str | None = None
    journal_ref: str | None = None
    licence: str | None = None
    withdrawn_at: str | None = None
    is_withdrawn: bool | None = None
    stated_date: str | None = None


class Misfit(NamedTuple):
    """A source value that could not be read: the field is None in the entry, the value is kept."""

    position: int
    field: str
    rule: str
    reason: str
    value: str | None


@dataclass(frozen=True)
class Context:
    """What a parser may know of a capture beside its bytes: the stated facts, null if unknown."""

    feed_date: date | None = None
    captured_at: datetime | None = None
    link_hosts: frozenset[str] = frozenset()
    """Hosts, beside arXiv's and Hugging Face's, whose links end in an arXiv id."""


@dataclass
class Parsed:
    """One capture, read: its entries in order and everything else that its bytes say."""

    entries: list[Entry] = field(default_factory=list)
    payloads: list[Any] = field(default_factory=list)
    """The source of each entry, in the same order, for the rejects."""
    read_payloads: Callable[[], list[Any]] | None = None
    """Where payloads are rarely needed: reads them when one is."""
    misfits: list[Misfit] = field(default_factory=list)
    unknown_fields: Counter[str] = field(default_factory=Counter)
    vanished_fields: list[str] = field(default_factory=list)
    envelope_error: str | None = None
    """Why the whole capture cannot be trusted, though its format is known."""
    is_cut: bool = False
    """The body itself says that it holds fewer entries than it should."""
    has_next: bool | None = None
    feed_date: date | None = None
    """The list's date as the content states it, where all entries agree."""
    stated_days: tuple[date, ...] = ()
    """The days that entries state, in order, where they do not agree or some state none."""
    captured_at: datetime | None = None
    captured_after: date | None = None
    """A lower bound of the day of capture, where the content gives no more."""

    @property
    def days(self) -> tuple[date, ...]:
        """The days that the body states, in order, whether its entries agree or not."""
        return (self.feed_date,) if self.feed_date else self.stated_days

    def other_days(self, day: date) -> tuple[date, ...]:
        """Return the days that the body states, in order, where none of them is the given one."""
        return () if day in self.days else self.days

    def with_days(self) -> "Parsed":
        """Return the same body with the day on which its entries agree as the day of each."""
        if self.feed_date is None:
            return self
        day = self.feed_date.isoformat()
        return replace(self, entries=[entry._replace(stated_date=day) for entry in self.entries])

    def payload(self, position: int) -> Any:
        """Return the source of one entry."""
        if self.read_payloads is not None and not self.payloads:
            self.payloads = self.read_payloads()
        return self.payloads[position]
