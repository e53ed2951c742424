"""What texts are about: their topics, the places that speak of these, and their other terms."""

from dataclasses import dataclass

import polars as pl

from transforms.taxonomy import Taxonomy
from transforms.topics.assign import Assigner
from transforms.topics.terms import TermLister


@dataclass(frozen=True)
class Described:
    """The topics, the places that speak of them, and the terms of texts, which `text_id` names."""

    text_ids: pl.Series
    topics: pl.DataFrame
    evidence: pl.DataFrame
    terms: pl.DataFrame


_ready: dict[str, tuple[Assigner, TermLister]] = {}
"""By the digest of a taxonomy: the one that this process describes texts by."""


def describe(taxonomy: Taxonomy, texts: pl.DataFrame) -> Described:
    """Describe texts (text_id, title, abstract); the taxonomy is made ready once in a process."""
    if taxonomy.digest not in _ready:
        _ready.clear()
        _ready[taxonomy.digest] = Assigner(taxonomy), TermLister(taxonomy)
    assigner, lister = _ready[taxonomy.digest]
    papers = texts.rename({"text_id": "paper_id"})
    found = assigner.assign(papers)
    tables = (found.topics, found.evidence, lister.list(papers))
    named = (table.rename({"paper_id": "text_id"}) for table in tables)
    return Described(texts["text_id"], *named)
