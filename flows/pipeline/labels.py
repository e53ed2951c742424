"""Papers with labels: JSON lines with title, abstract and the topics that are right."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from flows.report import FlowError

_NUMBERED: Final = "%09d"


@dataclass(frozen=True)
class LabelledPapers:
    """``papers`` has `paper_id` (the place in the file), `title` and `abstract`, in order."""

    papers: pl.DataFrame
    labels: list[list[str]]
    sources: list[int]
    """By paper the number of its file."""


def read_labels(paths: Sequence[Path]) -> LabelledPapers:
    """Return the papers of files of JSON lines ``{"title", "abstract", "gold": [topic_id]}``.

    Raises:
        FlowError: a file cannot be read, or a line is not such an object; the message names file,
            line and field.
    """
    files = [_read_rows(path) for path in paths]
    rows = [row for file in files for row in file]
    columns: dict[str, list[Any]] = {
        "paper_id": [_NUMBERED % number for number in range(len(rows))],
        "title": [title for title, _, _ in rows],
        "abstract": [abstract for _, abstract, _ in rows],
    }
    papers = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String()))
    sources = [number for number, file in enumerate(files) for _ in file]
    return LabelledPapers(papers, [gold for _, _, gold in rows], sources)


def _read_rows(path: Path) -> list[tuple[str, str, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FlowError(f"{path}: {error}") from error
    rows = [
        _read_row(line, f"{path}: line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not rows:
        raise FlowError(f"{path}: no line")
    return rows


def _read_row(line: str, where: str) -> tuple[str, str, list[str]]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FlowError(f"{where}: no JSON ({error})") from error
    if not isinstance(row, dict):
        raise FlowError(f"{where}: must be an object with title, abstract and gold")
    gold, title, abstract = row.get("gold"), row.get("title"), row.get("abstract") or ""
    if not isinstance(title, str) or not isinstance(abstract, str):
        raise FlowError(f"{where}: 'title' and 'abstract' must be text")
    if not isinstance(gold, list) or not all(isinstance(topic, str) for topic in gold):
        raise FlowError(f"{where}: 'gold' must be a list of topics, not {gold!r}")
    return title, abstract, gold
