"""Captures as the oracle sees them, judged in plain Python: loaded or held, whole or cut, and why.

Nothing here is of the product. Hashes are names, given from outside: the product's names are read
back, found to be one for one, and used only where the rules break a tie by them.
"""

import calendar
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

_ARXIV = re.compile(r"(\d\d(0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?")
SAYING_WITHDRAWN = ("Withdrawn", "12 pages. This paper has been withdrawn by the author")
NOT_SAYING_SO = ("12 pages", "Withdrawn from ICLR")
_LONG_AGO = datetime.min  # noqa: DTZ901 - naive UTC, as everywhere


@dataclass(frozen=True)
class Feed:
    """What is declared of a feed; without weekdays it has no calendar."""

    feed_id: str
    kind: str
    family: str
    source_rank: int
    id_scheme: str
    page_limit: int | None = None
    time_zone: str = "UTC"
    weekdays: tuple[int, ...] = ()
    holidays: tuple[date, ...] = ()
    cutoff_hours: int = 24
    deadline_hours: int = 24
    counts_cross: bool = True
    newest_within_days: int | None = None
    has_whole_days: bool = False
    """Declared: rows that state their days are all of those days."""


class Entry(NamedTuple):
    """One paper as the source shows it."""

    source_id: str | int | None = None
    title: str | None = None
    abstract: str | None = None
    authors: tuple[str, ...] | None = None
    votes: int | float | str | None = None
    comments: int | None = None
    published: date | None = None
    shows_year: bool = True
    listed: date | None = None
    announced: str | None = None
    """How arXiv announces it: new, cross, replace or replace-cross."""
    withdrawn_on: date | None = None
    comment: str | None = None
    is_deleted: bool = False
    """The source shows no paper, but says that the record is deleted."""


class Capture(NamedTuple):
    """One look at one page, with what its path says; ``body_id`` names its bytes."""

    feed_id: str
    feed_date: date | None
    captured_at: datetime | None
    entries: tuple[Entry, ...]
    envelope: str = "list"
    announced: int | None = None
    """How many entries the envelope says that there are."""
    announced_date: date | None = None
    """Which day's list the envelope says that it is."""
    body_id: str = ""


class Identity(NamedTuple):
    """What an entry alone says of who it is: keys are texts here, never hashes."""

    source_id: str | None
    title_key: str
    abstract_key: str | None


class Text(NamedTuple):
    """A text to the letter, as it is kept."""

    title: str
    abstract: str | None
    authors: tuple[str, ...] | None


class Row(NamedTuple):
    """One accepted entry."""

    position: int
    identity: Identity
    text: Text
    votes: int | None
    comments: int | None
    published: date | None
    version: int | None = None
    announced: str | None = None
    withdrawn_on: date | None = None
    comment: str | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it says so of the paper."""
        return self.withdrawn_on is not None or self.comment in SAYING_WITHDRAWN

    day: date | None = None
    """The day of the list that the entry states, in a look of several days."""


class Decision(NamedTuple):
    """What somebody decided about a look: hold, release, retract, or restate its date."""

    kind: str
    feed_date: date | None = None


class Correction(NamedTuple):
    """What somebody knows better: same_as, keep_apart, override of a field, or drop."""

    kind: str
    paper: str
    other: str | None = None
    field: str = ""
    was: str | date | None = None
    value: str | date | None = None
    feed: str | None = None
    title: str | None = None
    """The guard."""


LookKey = tuple[str, date | None, datetime | None, str]


@dataclass
class Look:
    """One distinct capture, judged."""

    key: LookKey
    feed_date: date | None
    """As landed, or as a decision restates it."""
    kind: str
    entries_seen: int
    entries_rejected: int
    hold: str | None
    has_sound_date: bool
    """There is a feed date, and it does not lie ahead of the look."""
    is_truncated: bool
    captured_after: date | None
    is_of_days: bool = False
    """Nothing states one day for the whole look, and its entries state theirs."""
    rows: list[Row] = field(default_factory=list)
    format: str = ""
    deletions: list[tuple[int, str]] = field(default_factory=list)
    """Place and id of the records of which it says that they are deleted."""

    @property
    def feed_id(self) -> str:
        """The feed."""
        return self.key[0]

    @property
    def captured_at(self) -> datetime | None:
        """When the look was taken; null where nobody says."""
        return self.key[2]


@dataclass
class Names:
    """The hashes of the product, by what they are hashes of."""

    captures: dict[LookKey, str]
    texts: dict[Text, str]
    titles: dict[Identity, str]
    """The ids that entries without one have by their title and abstract."""

    def own_id(self, identity: Identity) -> str:
        """Return the id that an entry alone would have."""
        return identity.source_id or self.titles[identity]


@dataclass
class Observation:
    """One row with everything that orders it."""

    row: Row
    look: Look
    feed: Feed
    names: Names

    @property
    def day(self) -> date | None:
        """The day of the daily list that shows the paper."""
        day = self.look.feed_date or self.row.day
        return day if self.feed.kind == "daily_list" else None

    @property
    def by_rank(self) -> tuple[Any, ...]:
        """The place in the total order.

        A list at an unknown time was seen no earlier than its day: it stands at the beginning of
        that, before any look at a known time; of several days in one look the later is the later.
        """
        is_dated = self.look.captured_at is None and self.feed.kind == "daily_list"
        list_date = self.row.day or (is_dated and self.look.feed_date) or date.min
        begins = datetime.combine(list_date, time()) if list_date != date.min else _LONG_AGO
        at = self.look.captured_at
        seen = (at or begins, at is not None, list_date)
        names = self.names.texts[self.row.text], self.names.captures[self.look.key]
        return (self.feed.source_rank, seen, *names, self.row.position)

    @property
    def is_of_list(self) -> bool:
        """Whether it makes its paper one of a day's list: a replacement is an observation alone."""
        if self.day is None:
            return False
        if self.row.announced == "cross":
            return self.feed.counts_cross
        return self.row.announced in (None, "new")

    @property
    def by_time(self) -> tuple[Any, ...]:
        """The place in time, then in the total order."""
        rank, seen, *rest = self.by_rank
        return (seen, rank, *rest)


def key_of(text: str) -> str:
    """Return a text without white space, case and markup."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def readable(text: str | None) -> str | None:
    """Return a text as people read it; null where nothing is left."""
    plain = re.sub(r"\\(?:emph|textbf|textit)\{([^{}]*)\}", r"\1", text or "")
    return " ".join(unicodedata.normalize("NFKC", plain).split()) or None


def judge(
    captures: Iterable[Capture],
    feeds: Mapping[str, Feed],
    decisions: Mapping[LookKey, Decision] = MappingProxyType({}),
) -> list[Look]:
    """Return the distinct looks, loaded or held, with the entries of the loaded ones."""
    looks: dict[LookKey, Look] = {}
    for capture in captures:
        key = key_of_look(capture)
        looks[key] = _judge(capture, key, feeds[capture.feed_id], decisions.get(key))
    return list(looks.values())


def key_of_look(capture: Capture) -> LookKey:
    """Return what makes a look the same look."""
    feed_date = capture.feed_date or _stated_date(capture)
    return (capture.feed_id, feed_date, capture.captured_at, capture.body_id)


_FOR_ITS_DATE = ("date_conflict", "feed_date_ahead")


def _judge(capture: Capture, key: LookKey, feed: Feed, decision: Decision | None) -> Look:
    feed_date = key[1]
    if decision and decision.kind == "restate":
        feed_date = decision.feed_date
    entries = () if capture.envelope == "error" else capture.entries
    is_undated = feed.kind == "daily_list" and feed_date is None
    is_of_days = is_undated and len(_stated_days(capture)) > 0 and _stated_date(capture) is None
    rows = []
    deletions = []
    for position, entry in enumerate(entries):
        if entry.is_deleted:
            deletions.append((position, f"arxiv:{entry.source_id}"))
            continue
        row = _accept(position, entry, feed, capture.captured_at)
        if row:
            day = entry.listed if is_of_days else None
            is_known = day and not _is_after(day, capture.captured_at)
            rows.append(row._replace(day=day if is_known else None))
    seen = len(entries) - len(deletions)
    rejected = seen - len(rows)
    is_ahead = _is_ahead(feed_date, capture.captured_at)
    hold = None
    if decision and decision.kind in ("hold", "retract"):
        hold = {"hold": "held", "retract": "retracted"}[decision.kind]
    elif is_undated and not is_of_days:
        hold = "no_feed_date"
    elif decision and decision.kind == "release":
        hold = None
    elif capture.envelope == "error":
        hold = "unexpected_envelope"
    elif feed.kind == "daily_list" and (
        _contradicts(capture, feed_date, decision)
        or (not decision and _is_far_from(rows, feed_date, capture, feed))
    ):
        hold = "date_conflict"
    elif feed.kind == "daily_list" and is_ahead:
        hold = "feed_date_ahead"
    elif rejected > seen / 2:
        hold = "mostly_rejected"
    is_full = feed.page_limit is not None and seen == feed.page_limit
    is_short = capture.announced is not None and capture.announced > seen
    return Look(
        key,
        feed_date,
        feed.kind,
        seen,
        rejected,
        hold,
        has_sound_date=feed_date is not None
        and hold not in _FOR_ITS_DATE
        and (not is_ahead or hold is None),
        is_truncated=(is_full and feed.kind == "daily_list")
        or is_short
        or (is_of_days and not feed.has_whole_days),
        captured_after=_bound(capture),
        is_of_days=is_of_days,
        rows=[] if hold else rows,
        format=capture.envelope if capture.envelope in ("search", "oai") else "api",
        deletions=[] if hold else deletions,
    )


def _stated_date(capture: Capture) -> date | None:
    """Return the day that the envelope names, else the one on which all entries were listed."""
    if capture.envelope in ("error", "search") or capture.announced_date:
        return capture.announced_date
    days = {entry.listed for entry in capture.entries}
    return days.pop() if len(days) == 1 else None


def _stated_days(capture: Capture) -> set[date]:
    """Return the days that the content states: of its envelope, else of its entries."""
    stated = _stated_date(capture)
    if stated or capture.envelope in ("error", "search"):
        return {stated} if stated else set()
    return {entry.listed for entry in capture.entries if entry.listed}


def _is_after(day: date, captured_at: datetime | None) -> bool:
    """Tell whether a day that an entry states lies more than a day after the day of the look."""
    return captured_at is not None and day > captured_at.date() + timedelta(days=1)


def _contradicts(capture: Capture, feed_date: date | None, decision: Decision | None) -> bool:
    """Tell whether the content is of other days than the one that it was given for."""
    stated = _stated_days(capture)
    if feed_date is None or (decision is not None and decision.kind == "restate"):
        return False
    # an envelope does not speak for entries that all state other days
    listed = {entry.listed for entry in capture.entries if entry.listed}
    is_torn = capture.announced_date is not None and bool(listed) and feed_date not in listed
    return is_torn or (bool(stated) and feed_date not in stated)


def _is_far_from(rows: list[Row], feed_date: date | None, capture: Capture, feed: Feed) -> bool:
    """Tell whether a list is dated more than a month before all of its papers, or, where its path
    alone dates it, so long after the newest as the feed has none.
    """
    first = [day for row in rows if (day := row.published or _month_of(row)[0])]
    last = [day for row in rows if (day := row.published or _month_of(row)[1])]
    if not first or feed_date is None:
        return False
    if (min(first) - feed_date).days > 31:
        return True
    is_told = capture.captured_at is not None or bool(_stated_days(capture))
    most = feed.newest_within_days
    return not is_told and most is not None and (feed_date - max(last)).days > most


def _month_of(row: Row) -> tuple[date | None, date | None]:
    """Return the first and the last day of the month that an arXiv id names."""
    found = re.match(r"arxiv:(?:.*/)?(\d\d)(\d\d)", row.identity.source_id or "")
    if found is None:
        return None, None
    year = int(found[1]) + (1900 if int(found[1]) > 90 else 2000)
    _, days = calendar.monthrange(year, int(found[2]))
    return date(year, int(found[2]), 1), date(year, int(found[2]), days)


def _is_ahead(feed_date: date | None, captured_at: datetime | None) -> bool:
    if feed_date is None or captured_at is None:
        return False
    return datetime.combine(feed_date, time()) - captured_at > timedelta(days=1)


def _bound(capture: Capture) -> date | None:
    """Return the day under the heading in the year after the latest year shown."""
    years = [e.published.year for e in capture.entries if e.published and e.shows_year]
    if capture.envelope != "search" or capture.captured_at or not years:
        return None
    return date(max(years) + 1, 3, 11)


def _accept(position: int, entry: Entry, feed: Feed, captured_at: datetime | None) -> Row | None:
    """Return the row of an entry, None where its identity or title is bad."""
    source_id, title, version = _bare(entry.source_id), readable(entry.title), None
    if title is None or not key_of(title):
        return None
    if source_id is None:
        if feed.id_scheme == "arxiv":
            return None
    elif isinstance(source_id, str) and source_id.startswith("doi:"):
        if feed.id_scheme != "arxiv-optional":
            return None
    elif not isinstance(source_id, str) or not _ARXIV.fullmatch(source_id):
        return None
    else:
        shown = re.search(r"v(\d+)$", source_id)
        version = int(shown[1]) if shown else None
        source_id = "arxiv:" + re.sub(r"v\d+$", "", source_id)
    abstract = readable(entry.abstract)
    abstract_key = None if abstract is None else key_of(abstract)
    published = entry.published
    if published and not entry.shows_year:
        published = published.replace(year=captured_at.year) if captured_at else None
    if published and captured_at and published > captured_at.date() + timedelta(days=2):
        published = None
    return Row(
        position,
        Identity(source_id, key_of(title), abstract_key),
        Text(title, abstract, entry.authors),
        _count(entry.votes),
        _count(entry.comments),
        published,
        version,
        entry.announced if entry.abstract is not None else None,
        entry.withdrawn_on,
        entry.comment,
    )


def _bare(source_id: Any) -> Any:
    """Return an id without its name, a link to it or what arXiv's own DOIs begin with."""
    before = r"(?i)^(?:arxiv:|https://arxiv\.org/abs/|(?:https://doi\.org/)?10\.48550/arxiv\.)"
    return re.sub(before, "", source_id) if isinstance(source_id, str) else source_id


def _count(shown: float | str | None) -> int | None:
    """Return a count: 3.0, "3" and "1,204" are, 1.000 may be a thousand, and NaN is nothing."""
    number = float(re.sub(r"^(\d),(\d{3})$", r"\1\2", shown)) if isinstance(shown, str) else shown
    if shown == "1.000" or number is None or math.isnan(number) or number < 0:
        return None
    return int(number)
