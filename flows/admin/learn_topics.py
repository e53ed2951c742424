"""Learn the model of topics anew from labelled papers, and write it where it is shipped.

``python -m flows.admin.learn_topics VERSION OTHERS.jsonl LABELS.jsonl...``; lines of labels are
``{"title", "abstract", "gold": [topic_id]}``, those of the others, papers as feeds bring them,
``{"id", "title", "abstract"}``. The same papers give the same files. Papers that the model is
measured on later (`tests/benchmarks/gold_topics.csv`) belong in neither.
`tests.benchmarks.bench_topics` says what the model is worth on papers that it was not learned from.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

import transforms.topics
from config.taxonomy import read_taxonomy
from flows.pipeline.assign_papers import read_papers
from flows.pipeline.labels import read_labels
from transforms.taxonomy import build_taxonomy
from transforms.topics.learn import learn


def read_others(path: Path) -> pl.DataFrame:
    """Return the papers of a file of JSON lines (`title`, `abstract`).

    Raises:
        FlowError: a line is no paper.
    """
    texts = [(paper.title, paper.abstract) for paper in read_papers(path)]
    schema = {"title": pl.String(), "abstract": pl.String()}
    return pl.DataFrame(texts, schema=schema, orient="row")


def main(version: str, others: Path, paths: Sequence[Path]) -> None:
    """Write the model."""
    labelled, taxonomy = read_labels(paths), build_taxonomy(read_taxonomy(None))
    learned = learn(
        labelled.papers, labelled.labels, taxonomy, labelled.sources, read_others(others)
    )
    folder = Path(transforms.topics.__path__[0]) / "learned"
    replace(learned, version=version).save(folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
