"""Topics for papers from anywhere: JSON lines in, JSON lines out, bounded in memory."""

import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl

from flows.report import FlowError
from transforms.taxonomy import Taxonomy
from transforms.topics import Assigner

_PAPERS_AT_ONCE: Final = 20_000
_CHARACTERS_AT_ONCE: Final = 40_000_000
"""Twenty thousand papers have thirty million."""
_MOST_BYTES: Final = 8 << 20
"""Of one line: a text takes up to eighty times its length while topics are found in it."""


@dataclass(frozen=True)
class GivenPaper:
    """A paper as a line gives it; ``given_id`` is any JSON value but null, unique or not."""

    given_id: Any
    title: str | None
    abstract: str | None


def read_papers(path: Path) -> Iterator[GivenPaper]:
    """Yield the papers of a file of JSON lines; empty lines are passed over.

    Raises:
        FlowError: a line is no JSON object, has no `id`, or its `title` or `abstract` is no text;
            the message names file, line and field.
    """
    try:
        with path.open("rb") as file:
            yield from read_lines(file, str(path))
    except OSError as error:
        raise FlowError(f"{path}: {error.strerror or error}") from error


def read_lines(lines: BinaryIO, name: str) -> Iterator[GivenPaper]:
    """Yield the papers of JSON lines, as `read_papers` does; ``name`` stands in messages."""
    number = 0
    while line := lines.readline(_MOST_BYTES + 1):
        number += 1
        if len(line) > _MOST_BYTES:
            raise FlowError(f"{name}: line {number}: is longer than {_MOST_BYTES >> 20} MiB")
        if line.strip():
            yield _read_paper(line, name, number)


def _read_paper(line: bytes, name: str, number: int) -> GivenPaper:
    try:
        # the plain codec takes a quarter of the other's time
        text = line.decode("utf-8-sig" if line.startswith(BOM_UTF8) else "utf-8")
        row = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise FlowError(f"{name}: line {number}: no JSON ({error})") from error
    try:
        return _check_paper(row)
    except ValueError as error:
        raise FlowError(f"{name}: line {number}: {error}") from None


def _refuse_constant(name: str) -> None:
    """Refuse what Python takes for JSON, and no other reader of what we write would."""
    raise ValueError(f"{name} is no value of JSON")


def _check_paper(row: object) -> GivenPaper:
    if not isinstance(row, dict):
        raise ValueError("must be an object with id, title and abstract")
    if row.get("id") is None:
        raise ValueError("'id' is missing")
    if "title" not in row:
        raise ValueError("'title' is missing")
    for field in ("title", "abstract"):
        value = row.get(field)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{field!r} must be text, not {value!r}")
    return GivenPaper(row["id"], _printable(row["title"]), _printable(row.get("abstract")))


def _printable(text: str | None) -> str | None:
    """Return a text without halves of surrogate pairs, which JSON may hold and UTF-8 may not."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def assign_papers(papers: Iterable[GivenPaper], taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    """Yield in the order of the papers ``{"id", "primary_topic", "topics"}``, the likeliest first.

    A paper without a topic has a `primary_topic` of null and an empty list.
    """
    rest, assigner = iter(papers), Assigner(taxonomy)
    while batch := _take(rest):
        frame = pl.DataFrame(
            {
                "paper_id": [f"{number:09d}" for number in range(len(batch))],
                "title": [paper.title for paper in batch],
                "abstract": [paper.abstract for paper in batch],
            },
            schema=dict.fromkeys(("paper_id", "title", "abstract"), pl.String()),
        )
        answers = [_unassigned(paper.given_id) for paper in batch]
        topics = assigner.assign_without_evidence(frame)
        ordered = topics.sort("paper_id", "score", "topic_id", descending=[False, True, False])
        for paper_id, topic_id, score, method, is_primary in ordered.iter_rows():
            answer = answers[int(paper_id)]
            answer["topics"].append({"topic_id": topic_id, "score": score, "method": method})
            if is_primary:
                answer["primary_topic"] = topic_id
        yield from answers


def _take(papers: Iterator[GivenPaper]) -> list[GivenPaper]:
    """Return the next papers: so many, or fewer where their texts are long."""
    batch: list[GivenPaper] = []
    characters = 0
    for paper in islice(papers, _PAPERS_AT_ONCE):
        batch.append(paper)
        characters += len(paper.title or "") + len(paper.abstract or "")
        if characters > _CHARACTERS_AT_ONCE:
            break
    return batch


def _unassigned(given_id: Any) -> dict[str, Any]:
    return {"id": given_id, "primary_topic": None, "topics": []}
