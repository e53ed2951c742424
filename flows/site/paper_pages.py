"""A page a paper: votes against the usual, wordings, topics with their words, sightings."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final

from flows.site.addresses import paper_page
from flows.site.pages import Page
from flows.site.sparkline import VOTES_HEIGHT, VOTES_WIDTH, age_x, votes_y
from flows.site.wording import Piece, tell_difference
from warehouse.answers.papers import Look, Paper, PaperTopic, Span, Wording
from warehouse.answers.question import show_sql
from warehouse.counted import say_count

_MOST_POINTS: Final = 60
_MOST_AUTHORS: Final = 40
"""Of a paper with more the first are shown, and the others where a reader asks."""
_QUESTIONS: Final = {
    "facts": "paper_facts",
    "looks": "paper_looks",
    "seen": "paper_sightings",
    "topics": "paper_topics",
    "evidence": "paper_evidence",
    "wordings": "paper_wordings",
}


@dataclass(frozen=True)
class VoteLine:
    """The looks of one daily list, and where they stand on the axes that all papers share."""

    feed_id: str
    looks: tuple[Look, ...]
    points: tuple[tuple[float, float], ...]
    path: str
    label: str


@dataclass(frozen=True)
class ToldTopic:
    """A topic with the words of the text that speak of it."""

    topic: PaperTopic
    words: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A wording and how it differs from the one before it in its family."""

    before: Wording
    after: Wording
    title: tuple[Piece, ...] | None
    """None where it is the same."""
    abstract: tuple[Piece, ...] | None


def paper_page_of(paper: Paper, digest: str) -> Page:
    """Return the page of a paper; ``digest`` is that of its row of ``read_papers``."""
    spans: dict[str, list[Span]] = {}
    for span in paper.spans:
        spans.setdefault(span.topic_id, []).append(span)
    return Page(
        paper_page(paper.paper_id),
        "paper.html.j2",
        paper.title,
        "",
        {
            "paper": paper,
            "lines": tuple(vote_lines(paper.looks)),
            "most_authors": _MOST_AUTHORS,
            "size": (VOTES_WIDTH, VOTES_HEIGHT),
            "told": tuple(
                ToldTopic(one, tuple(_words(spans.get(one.topic_id, ())))) for one in paper.topics
            ),
            "abstract": mark(paper.abstract, [s for s in paper.spans if s.field == "abstract"]),
            "changes": tuple(_changes(paper.wordings)),
            "links": links_of(paper),
            "sql": {
                name: show_sql(question, paper_id=paper.paper_id)
                for name, question in _QUESTIONS.items()
            },
        },
        digest=digest,
    )


def links_of(paper: Paper) -> tuple[tuple[str, str | None], ...]:
    """Return where else a paper is: a name and an address each."""
    scheme, _, own = paper.paper_id.partition(":")
    found: list[tuple[str, str | None]] = []
    if paper.url:
        found.append(("arXiv" if scheme == "arxiv" else "DOI", paper.url))
    if scheme == "arxiv":
        found.append(("PDF", f"https://arxiv.org/pdf/{own}"))
        if any(one.feed_id.startswith("hf-") for one in paper.sightings):
            found.append(("Hugging Face", f"https://huggingface.co/papers/{own}"))
    found += [("Code", paper.github_url), ("Project", paper.project_url)]
    return tuple((name, address) for name, address in found if address)


def mark(text: str | None, spans: Iterable[Span]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return a text in stretches, each with the ids of the topics that it speaks of, if any.

    Spans may overlap; one that does not fit the text is left out.
    """
    if not text:
        return ()
    good = [one for one in spans if text[one.span_start : one.span_end] == one.surface]
    # at each end of spans, which begin there and which stop: each is looked at twice
    steps: dict[int, Counter[str]] = {0: Counter(), len(text): Counter()}
    for one in good:
        steps.setdefault(one.span_start, Counter())[one.topic_id] += 1
        steps.setdefault(one.span_end, Counter())[one.topic_id] -= 1
    open_now: Counter[str] = Counter()
    stretches = []
    for first, last in pairwise(sorted(steps)):
        open_now.update(steps[first])
        open_now = +open_now
        stretches.append((text[first:last], tuple(sorted(open_now))))
    return tuple(stretches)


def _words(spans: Sequence[Span]) -> Iterator[str]:
    seen = set()
    for one in spans:
        if one.surface.lower() not in seen:
            seen.add(one.surface.lower())
            yield one.surface


def vote_lines(looks: Sequence[Look]) -> Iterator[VoteLine]:
    """Yield a line per daily list; the looks are in order of feed and time."""
    for feed, of in groupby(looks, attrgetter("feed_id")):
        own = tuple(of)
        # from the last one backwards: of many looks the newest is drawn always
        drawn = own[:: -math.ceil(len(own) / _MOST_POINTS)][::-1]
        points = tuple((age_x(one.age_days), votes_y(one.votes)) for one in drawn)
        first, last = own[0], own[-1]
        yield VoteLine(
            feed,
            own,
            points,
            "M" + "L".join(f"{x},{y}" for x, y in points),
            _say_votes(feed, first, last),
        )


def _say_votes(feed: str, first: Look, last: Look) -> str:
    said = f"Votes in {feed}: {first.votes} at an age of {say_count(first.age_days, 'day')}"
    if first is last:
        return said
    return f"{said}, {last.votes} at {say_count(last.age_days, 'day')}"


def _changes(wordings: Sequence[Wording]) -> Iterator[Change]:
    by_family: Mapping[str, list[Wording]] = {
        family: sorted(of, key=lambda one: one.version)
        for family, of in groupby(sorted(wordings, key=_family), key=_family)
    }
    for own in by_family.values():
        for before, after in pairwise(own):
            yield Change(
                before,
                after,
                tell_difference(before.title, after.title),
                tell_difference(before.abstract, after.abstract),
            )


def _family(wording: Wording) -> str:
    return wording.family
