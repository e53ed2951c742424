"""Learn the model of topics anew from labelled papers, and write it where it is shipped.

``python -m flows.admin.learn_topics VERSION LABELS.jsonl...``; lines ``{"title", "abstract",
"gold": [topic_id]}``. The same labels give the same files. `tests.benchmarks.bench_topics` says
what the model is worth on papers that it was not learned from.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

import transforms.topics
from config.taxonomy import read_taxonomy
from transforms.taxonomy import build_taxonomy
from transforms.topics.learn import learn


def read_labels(paths: Sequence[Path]) -> tuple[pl.DataFrame, list[list[str]]]:
    """Return labelled papers (`paper_id`, `title`, `abstract`) and the topics of each.

    Raises:
        ValueError: a line is no JSON.
        KeyError: a line has no title or no labels.
    """
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [json.loads(line) for line in lines if line.strip()]
    papers = pl.DataFrame(
        {
            "paper_id": [f"{number:09d}" for number in range(len(rows))],
            "title": [row["title"] for row in rows],
            "abstract": [row.get("abstract") or "" for row in rows],
        }
    )
    return papers, [row["gold"] for row in rows]


def main(version: str, paths: Sequence[Path]) -> None:
    """Write the model."""
    papers, labels = read_labels(paths)
    learned = learn(papers, labels, build_taxonomy(read_taxonomy(None)))
    folder = Path(transforms.topics.__path__[0]) / "learned"
    replace(learned, version=version).save(folder)


if __name__ == "__main__":
    main(sys.argv[1], [Path(name) for name in sys.argv[2:]])
