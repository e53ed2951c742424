"""Captures written as files in the true shapes of their sources, and the feeds that show them."""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.captures import Capture, Correction, Entry, Feed

FAMILY = int(os.environ.get("PAPERSTRATA_FAMILY", "12"))
"""How many histories share a warehouse, and its configuration: at most a hundred."""

_FEEDS = (
    Feed(
        "hf-daily",
        "daily_list",
        "huggingface",
        20,
        "arxiv",
        3,
        weekdays=(1, 2, 3, 4, 5),
        newest_within_days=159,
    ),
    Feed("hf-search", "search", "huggingface", 10, "none"),
    Feed("oai-harvest", "harvest", "arxiv", 30, "arxiv"),
    Feed(
        "mirror-daily",
        "daily_list",
        "mirror",
        20,
        "arxiv-optional",
        4,
        time_zone="America/New_York",
        weekdays=(1, 2, 3, 4, 5),
        holidays=(date(2025, 6, 4),),
        cutoff_hours=20,
        deadline_hours=12,
        counts_cross=False,
        has_whole_days=True,
    ),
)


def name_feed(feed_id: str, number: int) -> str:
    """Return the id of a feed in one history of a family; those of the first are the usual ones."""
    return f"{feed_id}-{number}" if number else feed_id


FEEDS = {
    name_feed(feed.feed_id, number): replace(feed, feed_id=name_feed(feed.feed_id, number))
    for number in range(FAMILY)
    for feed in _FEEDS
}
"""The feeds of every history: page limits are small, so that lists may be."""

TOPICS = """
version: 1.0.0
areas:
- {id: machines, name: Machines}
fields:
- {id: language, name: Language, parent: machines}
topics:
- id: llm
  name: Language models
  parent: language
  aliases: [large language model]
  acronyms: [LLM]
  weak: [language model]
- {id: diffusion, name: Diffusion, parent: language, aliases: [diffusion model]}
- {id: agents, name: Agents, parent: language, aliases: [agent]}
"""

_HEADING = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\n"
    "byAK and the research community\n\nMar 11\n\n"
)


def write_config(folder: Path, batch_bytes: int = 24_000) -> Path:
    """Write the feeds, a small taxonomy, and batches so small that a run has several."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    (folder / "settings.toml").write_text(f"batch_bytes = {batch_bytes}\n", encoding="utf-8")
    (folder / "feeds.toml").write_text("\n".join(map(_declare, FEEDS.values())), encoding="utf-8")
    return folder


def _declare(feed: Feed) -> str:
    lines = ["[[feed]]"]
    named = ("feed_id", "kind", "family", "source_rank", "id_scheme", "page_limit")
    for name in (*named, "newest_within_days"):
        value = getattr(feed, name)
        if value is not None:
            lines.append(f"{name} = {json.dumps(value)}")
    if feed.has_whole_days:
        lines.append('rows = "whole days"')
    lines.append(f"name = {json.dumps(feed.feed_id)}")
    if not feed.counts_cross:
        lines.append("counts_cross = false")
    if feed.weekdays:
        holidays = ", ".join(day.isoformat() for day in feed.holidays)
        lines += [
            "[feed.calendar]",
            f"time_zone = {json.dumps(feed.time_zone)}",
            f"weekdays = {list(feed.weekdays)}",
            f"holidays = [{holidays}]",
            f"cutoff_hours = {feed.cutoff_hours}",
            f"deadline_hours = {feed.deadline_hours}",
        ]
    return "\n".join(lines)


def write_corrections(corrections: Iterable[Correction]) -> str:
    """Return a corrections.toml."""
    lines = []
    for one in corrections:
        others = {"same_as": "is", "keep_apart": "from"}
        values = {
            "paper": one.paper,
            others.get(one.kind, ""): one.other,
            "feed": one.feed,
            "title": one.title,
            "field": one.field or None,
            "was": one.was,
            "value": one.value,
            "reason": "a test",
        }
        lines.append(f"[[{one.kind}]]")
        for name, value in values.items():
            if value is not None:
                shown = value.isoformat() if isinstance(value, date) else json.dumps(value)
                lines.append(f"{name} = {shown}")
    return "\n".join(lines)


def write_captures(folder: Path, captures: Iterable[Capture]) -> list[Path]:
    """Write each capture as a file below a folder of its own origin; return the paths in order.

    The same capture twice is the same look in two places. What nobody knows of a look is called
    ``undated`` or ``unknown`` in its path.
    """
    paths = []
    for number, capture in enumerate(captures):
        suffix = "txt" if capture.envelope == "search" else "json"
        captured_at = capture.captured_at
        stamp = f"{captured_at:%Y%m%dT%H%M%SZ}" if captured_at else "unknown"
        day = capture.feed_date.isoformat() if capture.feed_date else "undated"
        path = folder / f"{number:03}" / capture.feed_id / "here" / day / f"{stamp}.{suffix}"
        path.parent.mkdir(parents=True)
        path.write_bytes(body_of(capture))
        paths.append(path)
    return paths


def name_bodies(captures: Iterable[Capture]) -> list[Capture]:
    """Return captures with the hash of the bytes that will be written for them."""
    return [
        capture._replace(body_id=hashlib.sha256(body_of(capture)).hexdigest())
        for capture in captures
    ]


def body_of(capture: Capture) -> bytes:
    """Return the bytes of a capture, in the shape of its source."""
    if capture.envelope == "search":
        return _search_page(capture.entries).encode()
    if capture.envelope == "oai":
        return _records(capture.entries).encode()
    entries: list[Any] = [_api_entry(entry) for entry in capture.entries]
    body: Any = entries
    if capture.envelope == "reprs":
        body = [repr(entry) for entry in entries]
    elif capture.envelope == "one":
        body = 1
    elif capture.envelope == "error":
        body = {"status": "error", "date": None}
    elif capture.envelope in ("wrapped", "no_data"):
        day = capture.announced_date.isoformat() if capture.announced_date else None
        body = {"status": "no_data", "date": day}
        if capture.envelope == "wrapped":
            body = {"status": "success", "date": day, "data": entries}
            if capture.announced is not None:
                body["count"] = capture.announced
    return json.dumps(body).encode()


def _api_entry(entry: Entry) -> dict[str, Any]:
    paper: dict[str, Any] = {
        "id": entry.source_id,
        "title": entry.title,
        "summary": _announce(entry),
        "upvotes": entry.votes,
        "publishedAt": f"{entry.published}T08:30:00.000Z" if entry.published else None,
        "submittedOnDailyAt": f"{entry.listed}T01:27:55.746Z" if entry.listed else None,
        "discussionId": "67e3e1e2",
    }
    if entry.withdrawn_on:
        paper["withdrawnAt"] = f"{entry.withdrawn_on}T10:00:00.000Z"
    if entry.authors is not None:
        paper["authors"] = [{"_id": "67e3", "name": name} for name in entry.authors]
    shown = {"paper": paper, "title": entry.title, "numComments": entry.comments}
    return {name: value for name, value in shown.items() if value is not None}


def _announce(entry: Entry) -> str | None:
    """Return an abstract, with what arXiv writes before it where the paper is announced."""
    if entry.announced is None or entry.abstract is None:
        return entry.abstract
    return f"arXiv:2501.00001 Announce Type: {entry.announced}\nAbstract: {entry.abstract}"


def _records(entries: Sequence[Entry]) -> str:
    """Return a reply of OAI-PMH with records shown and records deleted."""
    records = []
    for entry in entries:
        status = ' status="deleted"' if entry.is_deleted else ""
        head = f"<identifier>oai:arXiv.org:{entry.source_id}</identifier>"
        metadata = "" if entry.is_deleted else f"<metadata>{_metadata(entry)}</metadata>"
        records.append(f"<record><header{status}>{head}</header>{metadata}</record>")
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
        f"{''.join(records)}</ListRecords></OAI-PMH>"
    )


def _metadata(entry: Entry) -> str:
    names = "".join(
        f"<author><keyname>{escape(name)}</keyname></author>" for name in entry.authors or ()
    )
    shown = {
        "created": entry.published and entry.published.isoformat(),
        "title": entry.title,
        "comments": entry.comment,
        "abstract": entry.abstract,
    }
    fields = (f"<{name}>{escape(text)}</{name}>" for name, text in shown.items() if text)
    return (
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{entry.source_id}</id>'
        f"<authors>{names}</authors>{''.join(fields)}</arXiv>"
    )


def _search_page(entries: Sequence[Entry]) -> str:
    blocks = []
    for entry in entries:
        day = entry.published or date(2024, 1, 2)
        shown = f"{day:%b} {day.day}" + (f", {day.year}" if entry.shows_year else "")
        paragraphs = [entry.title, entry.abstract, f"  • 2 authors\n·\n{shown}"]
        blocks += [text for text in paragraphs if text]
    return _HEADING + "\n\n".join(blocks) + "\n"
