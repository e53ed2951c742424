"""Histories for hypothesis: what feeds may show over some days, and who looked when."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.captures import NOT_SAYING_SO, SAYING_WITHDRAWN, Capture, Entry
from tests.written import FAMILY, name_bodies, name_feed

_IDS = ("2501.00001", "2501.00001", "2501.00002", "hep-th/9901001")
TITLES = (
    "Scaling Large Language Models with Care",
    "A Diffusion Model for Small Molecules",
    "Graph Networks 123",  # a title key of exactly sixteen characters
    "Deep Nets",  # too short to join anything
    "A Diffusion Model for Sm...",  # a cut of the second
)
_ABSTRACTS = (
    "We train a large language model and look at it.",
    "A diffusion model, trained by an agent, is small.",
    "We train a large language model and look twice.",  # another wording of the first
    "We train a large language model...",  # a cut of both
)
_AUTHORS = (("Ada Example",), ("Ada Example", "Ben Sample"), ("Ben Sample",), (), None)
_FIRST_DAY = date(2025, 6, 5)  # a Thursday
_DELTAS = (5, 12, 36, 0, 5, 12, 24, 24, 36, 36, 50, 60, 96, -20, -60)
"""Hours from the start of a list's date to the look: from too early to much later."""
_ENVELOPES = ("list",) * 8 + ("reprs", "reprs", "wrapped", "wrapped", "no_data", "one", "error")


_WITHDRAWN_ON = (date(2025, 6, 1), date(2025, 6, 2))
_COMMENTS = (None, None, *SAYING_WITHDRAWN, *NOT_SAYING_SO)


def _vary(text: str, how: int) -> str:
    """Return a text that has the same key; 0 leaves it as it is."""
    kept = text.rstrip(".")
    return (text, text.upper(), kept.replace(" ", "\n  "), kept.replace("e", "\\emph{e}", 1))[how]


def _one_of(kinds: Sequence[st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Return one of several, as often as it is named: st.one_of would name each once."""
    return st.sampled_from(kinds).flatmap(lambda kind: kind)


_variations = st.sampled_from((0, 0, 0, 1, 2, 3))
_titles = st.builds(_vary, st.sampled_from(TITLES), _variations)
_abstracts = st.builds(_vary, st.sampled_from(_ABSTRACTS), _variations)
_listed = st.sampled_from((0, 0, -1, -2, 1, 3, None))
"""Days from the date of a list to the day that one of its entries states."""
_days = st.integers(0, 5).map(lambda number: _FIRST_DAY + timedelta(days=number))
_votes = st.sampled_from((1, 2, 3, 30, 0, -3, None, 2.0, "3", "1,204", "1.000", float("nan")))
_published = st.sampled_from(
    (date(2024, 12, 30), date(2025, 1, 2), date(2025, 1, 3), date(2025, 8, 1), None)
)
_BEFORE_IDS = ("", "", "", "arXiv:", "10.48550/ARXIV.", "https://doi.org/10.48550/arXiv.")
_endings = st.sampled_from(("", "", "v2"))
_source_ids = st.builds("{}{}{}".format, *map(st.sampled_from, (_BEFORE_IDS, _IDS)), _endings)

# a field of which nothing is said would be drawn by its type
_NOTHING_SHOWN: dict[str, Any] = {
    **dict.fromkeys(Entry._fields, st.none()),
    "shows_year": st.just(True),
    "is_deleted": st.just(False),
}
_entries = st.builds(
    Entry,
    source_id=_source_ids,
    title=_titles,
    abstract=_one_of((_abstracts, _abstracts, st.none())),
    authors=st.sampled_from(_AUTHORS),
    votes=_votes,
    comments=st.sampled_from((None, 0, 4)),
    published=_published,
    shows_year=st.just(True),
    listed=st.none(),
    announced=st.sampled_from((None, None, None, None, "new", "cross", "replace", "replace-cross")),
    withdrawn_on=st.sampled_from((None,) * 6 + _WITHDRAWN_ON),
    comment=st.none(),
    is_deleted=st.just(False),
)
_dirt = st.builds(
    Entry._replace,
    _entries,
    source_id=st.sampled_from((2501.00001, 250100001, "not an id", "2513.00001", None)),
) | st.builds(Entry._replace, _entries, title=st.sampled_from((None, "", "---")))
_nameless = st.builds(Entry._replace, _entries, source_id=st.none())
_in_journals = st.builds(
    Entry._replace, _entries, source_id=st.sampled_from(("doi:10.1000/1", "doi:10.1000/2"))
)
_searched = st.builds(
    Entry,
    **{
        **_NOTHING_SHOWN,
        "title": st.sampled_from(TITLES),
        "abstract": st.none() | st.sampled_from(_ABSTRACTS),
        "published": st.sampled_from((date(2024, 3, 30), date(2023, 1, 2))),
        "shows_year": st.booleans(),
    },
)
_harvested = st.builds(
    Entry,
    **{
        **_NOTHING_SHOWN,
        "source_id": st.sampled_from(_IDS),
        "title": _titles,
        "abstract": _one_of((_abstracts, _abstracts, st.none())),
        "authors": st.sampled_from((("Ada Example",), ("Ben Sample", "Ada Example"), None)),
        "published": _published,
        "comment": st.sampled_from(_COMMENTS),
    },
)
_deleted = st.builds(
    Entry,
    **{**_NOTHING_SHOWN, "source_id": st.sampled_from(_IDS), "is_deleted": st.just(True)},
)


@st.composite
def daily_captures(draw: st.DrawFn) -> Capture:
    """One look at a daily list: whole, cut, empty, wrapped, dirty, too early or late."""
    feed_id = draw(st.sampled_from(("hf-daily", "hf-daily", "mirror-daily")))
    kinds: tuple[st.SearchStrategy[Entry], ...] = (_entries,) * 9 + (_dirt,)
    if feed_id == "mirror-daily":
        kinds = (_entries, _nameless, _nameless, _in_journals)
    day = draw(_days)
    envelope = draw(st.sampled_from(_ENVELOPES))
    has_entries = envelope in ("list", "reprs", "wrapped")
    entries = draw(st.lists(_one_of(kinds), max_size=4 if has_entries else 0))
    listed = draw(st.sampled_from(("none", "one", "one", "one", "several")))
    if listed == "one":
        entries = [entry._replace(listed=day) for entry in entries]
    elif listed == "several":
        shown = draw(st.lists(_listed, min_size=len(entries), max_size=len(entries)))
        entries = [
            entry._replace(listed=None if days is None else day + timedelta(days=days))
            for entry, days in zip(entries, shown, strict=True)
        ]
    announced = None
    if envelope == "wrapped":
        announced = len(entries) + (draw(st.integers(0, 1)) if entries else 0)
    captured_at = datetime.combine(day, datetime.min.time())
    captured_at += timedelta(hours=draw(st.sampled_from(_DELTAS)))
    dates = (day, day, day, day, None)
    return Capture(
        feed_id,
        None if listed == "several" and draw(st.booleans()) else draw(st.sampled_from(dates)),
        captured_at,
        tuple(entries),
        envelope,
        announced,
        draw(st.sampled_from((None, day))) if envelope in ("wrapped", "no_data") else None,
    )


@st.composite
def undated_daily_captures(draw: st.DrawFn) -> Capture:
    """One look at a daily list of which nobody says when it was taken."""
    entries = draw(st.lists(_entries, max_size=4))
    return Capture("hf-daily", draw(_days), None, tuple(entries))


@st.composite
def search_captures(draw: st.DrawFn) -> Capture:
    """One look at a search page: entries without ids, with or without a stated time."""
    entries = draw(st.lists(_searched, max_size=4))
    day = draw(_days)
    captured_at = datetime.combine(day, datetime.min.time())
    captured_at += timedelta(hours=draw(st.sampled_from(_DELTAS)))
    known = draw(st.booleans())
    return Capture("hf-search", day, captured_at if known else None, tuple(entries), "search")


@st.composite
def harvest_captures(draw: st.DrawFn) -> Capture:
    """One harvest: records with and without a comment, and deleted ones."""
    entries = draw(st.lists(_one_of((_harvested, _deleted)), max_size=3))
    day = draw(_days)
    captured_at = datetime.combine(day, datetime.min.time())
    captured_at += timedelta(hours=draw(st.sampled_from(_DELTAS)))
    known = draw(st.sampled_from((True, True, True, False)))
    return Capture("oai-harvest", day, captured_at if known else None, tuple(entries), "oai")


captures = _one_of(
    (daily_captures(),) * 6
    + (search_captures(),) * 2
    + (undated_daily_captures(),)
    + (harvest_captures(),) * 2
)


@st.composite
def _history(draw: st.DrawFn) -> list[Capture]:
    """Captures in any order, some of them twice, as the same look in two places."""
    drawn = draw(st.lists(captures, min_size=1, max_size=8))
    return [*drawn, *draw(st.lists(st.sampled_from(drawn), max_size=2))]


@st.composite
def histories(draw: st.DrawFn) -> list[Capture]:
    """A family of histories that share nothing but the warehouse, their captures mixed.

    Each has feeds, ids and titles of its own: what is said of all is said of each, at little more
    than the cost of one.
    """
    family = draw(st.tuples(*[_history()] * FAMILY))
    told_apart = [
        (place / len(history), number, _move(capture, number))
        for number, history in enumerate(family)
        for place, capture in enumerate(history)
    ]
    return name_bodies(capture for *_, capture in sorted(told_apart, key=lambda one: one[:2]))


def _move(capture: Capture, number: int) -> Capture:
    """Return a capture with the feeds, ids and titles of another history of the family."""
    entries = tuple(
        entry._replace(
            source_id=_move_id(entry.source_id, number), title=_move_title(entry, number)
        )
        for entry in capture.entries
    )
    return capture._replace(feed_id=name_feed(capture.feed_id, number), entries=entries)


def _move_id(source_id: Any, number: int) -> Any:
    moved = {
        "2501.00": f"2501.{number:02}",
        "hep-th/990100": f"hep-th/9901{number:02}",
        "doi:10.1000/": f"doi:10.{number + 1000}/",
    }
    for start, other in moved.items():
        if isinstance(source_id, str) and start in source_id:
            return source_id.replace(start, other)
    return source_id


def _move_title(entry: Entry, number: int) -> str | None:
    title = entry.title
    if title is None or not number or not any(map(str.isalnum, title)):
        return title
    # a title that is as short as may be joined stays as short
    return title.replace("123", str(123 + number)) if "123" in title else f"{title} {number}"


def make_history(seed: int, days: int, papers: int) -> list[Capture]:
    """Return a history of a given size, the same for the same seed: three looks a day."""
    chance = random.Random(seed)
    drawn = []
    for number in range(days):
        day = _FIRST_DAY + timedelta(days=number)
        for hours in (5, 12, 36):
            entries = tuple(
                Entry(
                    f"2506.{chance.randrange(3 * papers):05}",
                    f"{chance.choice(TITLES)}, part {chance.randrange(papers)}",
                    chance.choice(_ABSTRACTS),
                    chance.choice(_AUTHORS),
                    chance.randrange(40),
                )
                for _ in range(papers)
            )
            captured_at = datetime.combine(day, datetime.min.time()) + timedelta(hours=hours)
            drawn.append(Capture("hf-daily", day, captured_at, entries))
    return name_bodies(drawn)
