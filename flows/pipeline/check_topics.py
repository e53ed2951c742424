"""What a topic dictionary would change: papers gained and lost by topic, and how labels agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from flows.pipeline.labels import LabelledPapers, read_labels
from transforms.declared import DeclaredTopics
from transforms.taxonomy import Taxonomy
from transforms.topics import Assigner
from transforms.topics.lint import lint
from transforms.topics.measure import Agreement, agree
from warehouse import published

_PAPERS_AT_ONCE: Final = 20_000
_BYTES_AT_ONCE: Final = 40_000_000
"""Of their texts."""


@dataclass(frozen=True)
class TopicChange:
    """Papers with a topic, as published and as the dictionary would assign it."""

    topic_id: str
    before: int
    after: int
    gained: int
    lost: int


@dataclass(frozen=True)
class Changes:
    """What is published held against what would be; topics whose papers stay are left out."""

    published_version: str | None
    """The version of the published assignment."""
    papers: int
    changed_papers: int
    unassigned_before: int
    unassigned_after: int
    topics: list[TopicChange]
    """Those with the most papers gained and lost first."""
    faults: list[str]
    """Examples without their topic, and counter-examples with it, a sentence each."""
    unknown_examples: list[str]
    """Examples that are no paper of the warehouse."""


@dataclass(frozen=True)
class LabelFile:
    """How the dictionary agrees with the labels of a file, and how the one in use does."""

    path: str
    in_use: Agreement
    checked: Agreement


def find_mistakes(
    topics: DeclaredTopics, checked: Taxonomy, connection: duckdb.DuckDBPyConnection | None
) -> list[str]:
    """Return what looks like a mistake; ``connection`` is to a published warehouse, if any."""
    mistakes = lint(topics, checked)
    if connection is None or published.read_taxonomy_version(connection) != checked.version:
        return mistakes
    # the digest of the rules stands behind that of the taxonomy
    digest = (published.read_topics_digest(connection) or "").split("/")[0]
    if digest != checked.digest:
        mistakes.append(
            f"version {checked.version!r} is published with another content: give it another one"
        )
    return mistakes


def compare(connection: duckdb.DuckDBPyConnection, checked: Taxonomy) -> Changes:
    """Return what a publication would change in the assignments of a published warehouse."""
    assigner = Assigner(checked)
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    before: Counter[str] = Counter()
    changed, count, had, has = 0, 0, 0, 0
    wanted = published.find_papers(connection, checked.examples["paper"].unique().to_list())
    of_examples = pl.DataFrame(schema={"paper_id": pl.String(), "topic_id": pl.String()})
    for texts in published.read_texts(connection, _PAPERS_AT_ONCE, _BYTES_AT_ONCE):
        old = published.read_paper_topics(connection, texts["paper_id"][0], texts["paper_id"][-1])
        new = assigner.assign_without_evidence(texts).select("paper_id", "topic_id")
        more, less = (
            one.join(other, on=one.columns, how="anti") for one, other in ((new, old), (old, new))
        )
        gained.update(more["topic_id"])
        lost.update(less["topic_id"])
        before.update(old["topic_id"])
        changed += pl.concat([more["paper_id"], less["paper_id"]]).n_unique()
        count, had, has = (
            count + texts.height,
            had + old["paper_id"].n_unique(),
            has + new["paper_id"].n_unique(),
        )
        of_examples.extend(new.filter(pl.col("paper_id").is_in(list(wanted.values()))))
    topics = [
        TopicChange(one, before[one], before[one] + gained[one] - lost[one], gained[one], lost[one])
        for one in sorted({*gained, *lost}, key=lambda one: (-gained[one] - lost[one], one))
    ]
    version = published.read_taxonomy_version(connection)
    faults = _find_faults(checked, wanted, set(of_examples.rows()))
    unknown = sorted(set(checked.examples["paper"]) - set(wanted))
    return Changes(version, count, changed, count - had, count - has, topics, faults, unknown)


def _find_faults(
    checked: Taxonomy, paper_of: Mapping[str, str], assigned: set[tuple[str, str]]
) -> list[str]:
    faults = []
    for topic_id, example, is_counter_example in checked.examples.iter_rows():
        if (
            example in paper_of
            and ((paper_of[example], topic_id) in assigned) == is_counter_example
        ):
            said = "counter-example" if is_counter_example else "example"
            has = "has" if is_counter_example else "does not have"
            faults.append(f"topic {topic_id!r}: {said} {example} {has} it")
    return faults


def measure_labels(paths: Sequence[Path], in_use: Taxonomy, checked: Taxonomy) -> list[LabelFile]:
    """Return how two dictionaries agree with the labels of files.

    Raises:
        FlowError: a file is no file of labels.
    """
    found = []
    for path in paths:
        labelled = read_labels([path])
        before = _agree(labelled, in_use)
        after = before if in_use.digest == checked.digest else _agree(labelled, checked)
        found.append(LabelFile(str(path), before, after))
    return found


def _agree(labelled: LabelledPapers, taxonomy: Taxonomy) -> Agreement:
    topics = Assigner(taxonomy).assign_without_evidence(labelled.papers)
    ordered = topics.sort("paper_id", "score", "topic_id", descending=[False, True, False])
    by_paper = ordered.group_by("paper_id", maintain_order=True).agg("topic_id")
    found = labelled.papers.join(by_paper, on="paper_id", how="left", maintain_order="left")
    return agree([topics or [] for topics in found["topic_id"].to_list()], labelled.labels)
