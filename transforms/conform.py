"""Accepted entries to facts in one form: readable text, ids, keys, dates apart, missing is null."""

from dataclasses import dataclass

import polars as pl

from transforms.arxiv import SUBJECT_CLASS, VERSION
from transforms.contracts import CONFORMED_ENTRIES
from transforms.letters import announced_with
from transforms.schemas import ANNOUNCE_TYPES, CONTENT, ENTRY, NOTES
from transforms.standing import announce_types, say_withdrawn
from transforms.text import add_keys, clean_abstracts, clean_lists, clean_texts, own_ids

_TEXTS = ("organisation", "submitter", "discussion_id", *NOTES)
_LISTS = ("keywords", "categories")
_AT_END = f"{VERSION}$"
_WITH_CLASS = rf"^([a-z-]+){SUBJECT_CLASS}/"


@dataclass(frozen=True)
class Conformed:
    """A batch of facts: one row per entry, and one per distinct text."""

    entries: pl.DataFrame
    contents: pl.DataFrame


def conform(accepted: pl.DataFrame) -> Conformed:
    """Return accepted entries in the form in which they are kept.

    An arXiv id loses its version (kept as ``source_version``) and keeps its archive; a DOI has
    none. What arXiv writes before an abstract and behind a title, whoever carries it, gives version
    and announce type. The published
    date is the day of ``published_at`` in UTC, or the date that the source gives alone. An entry is
    withdrawn where the source marks it so, or its comment, abstract or title says so.
    """
    texts, row_texts = _distinct_texts(accepted)
    version_of_text, type_of_text = announced_with(pl.col("abstract"))
    announce_type = announce_types(pl.coalesce("announce_type", type_of_text))
    readable = accepted.with_columns(
        *(clean_texts(accepted[name]).alias(name) for name in _TEXTS),
        *(clean_lists(accepted[name]).alias(name) for name in _LISTS),
        source_version=pl.coalesce(
            pl.when(~_is_doi()).then(pl.col("source_id").str.extract(_AT_END)),
            version_of_text,
            "title_version",
        ).cast(pl.Int32, strict=False),
        announce_type=pl.when(announce_type.is_in(ANNOUNCE_TYPES)).then(announce_type),
        source_id=_source_id(),
        published_date=pl.coalesce(pl.col("published_at").dt.date(), "published_date"),
    )
    says_withdrawn = say_withdrawn(
        readable["author_comment"], texts["abstract"][row_texts], texts["title"][row_texts]
    )
    keyed = readable.drop("title", "title_key", "abstract", "authors").hstack(texts[row_texts])
    keyed = keyed.with_columns(
        own_ids(keyed["source_id"], keyed["content_key"], keyed["title_key"]),
        is_withdrawn=keyed["is_withdrawn"].fill_null(False) | says_withdrawn,
    )
    entries = keyed.select(ENTRY.names()).cast(ENTRY)
    CONFORMED_ENTRIES.validate(entries)
    contents = texts.select(CONTENT.names()).unique("content_id", maintain_order=True, keep="first")
    return Conformed(entries, contents.cast(CONTENT))


def _distinct_texts(accepted: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Return the distinct texts, readable and with their keys, and which of them each entry shows.

    A paper that ten captures show is cleaned and hashed once.
    """
    shown = accepted.select(
        "title",
        "title_key",
        "abstract",
        "authors",
        byline=pl.col("authors").list.join("\x1e"),
        author_count=pl.col("authors").list.len(),
    )
    what_differs = ["title", "abstract", "byline", "author_count"]
    distinct = shown.unique(what_differs, keep="first", maintain_order=True)
    numbered = distinct.select(what_differs).with_row_index("text")
    row_texts = shown.join(
        numbered, on=what_differs, how="left", nulls_equal=True, maintain_order="left"
    )["text"]
    readable = distinct.select(
        "title",
        "title_key",
        clean_abstracts(distinct["abstract"]).alias("abstract"),
        clean_lists(distinct["authors"]).alias("authors"),
    )
    return add_keys(readable), row_texts


def _source_id() -> pl.Expr:
    """Return scheme and id without version and, in an old arXiv id, without the subject class:
    math.AG/0501001 and math/0501001 are one paper. A DOI says its scheme itself. A feed without
    ids gives none.
    """
    scheme = pl.col("id_scheme").str.replace("-optional", "")
    bare = pl.col("source_id").str.replace(_AT_END, "").str.replace(_WITH_CLASS, "${1}/")
    named = pl.when(_is_doi()).then(pl.col("source_id")).otherwise(scheme + ":" + bare)
    return pl.when(scheme != "none").then(named)


def _is_doi() -> pl.Expr:
    return pl.col("source_id").str.starts_with("doi:")
