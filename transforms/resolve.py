"""Identities to papers: a pure function of a neighbourhood, exact keys only.

An identity is what one entry alone says of who it is: (own_id, source_id, content_key, title_key).
The neighbourhood of a batch is every identity that shares a title key with it. That is enough,
since a content key determines the title key. Where a title alone would join two abstracts, these
are compared.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import polars as pl

from transforms.contracts import ALIASES
from transforms.schemas import ABSTRACT, IDENTITY
from transforms.text import TITLE_KEY_MIN_LENGTH, key_text

_KINDS = ("source_id", "content_key", "title_key")
_SHARED_RUN = 40
"""Two abstracts share something where so many letters and digits follow each other in both. Of 68
papers that two sources word differently all do, of 8,000 pairs of other papers 5 (2026-11-25)."""
_SHORTEST_RUN = 8
"""In short abstracts, half of the shorter one is enough, but no less than this."""
_MOST_OWNERS = 10
"""Ids of one content or title that each identity of it is held against. Beyond these nothing is
joined by the key, and the first of them stand for all: else a list of many papers of one title is
as many pairs as the square of it."""
_MOST_TEXTS = 5
"""Abstracts of one id under one title that are compared, for the same reason: the first ones."""
_NO_PAIRS = pl.DataFrame(schema={"left_id": pl.String, "right_id": pl.String})
_NO_EDGES = pl.DataFrame(
    schema={
        **_NO_PAIRS.schema,
        "rule": pl.String,
        "score": pl.Float64,
        "evidence": pl.String,
        "decision": pl.String,
    }
)


@dataclass(frozen=True)
class Resolved:
    """What replaces the neighbourhood."""

    aliases: pl.DataFrame
    """(alias_id, paper_id): every id that an entry alone would have, and the paper it is now."""
    identifiers: pl.DataFrame
    """(identity_key, kind, paper_id, owner_count): paper_id is null where several own the key."""
    edges: pl.DataFrame
    """(left_id, right_id, rule, score, evidence, decision): one row per matched pair."""


def resolve(
    identities: pl.DataFrame,
    same: Mapping[str, str] = MappingProxyType({}),
    apart: Collection[tuple[str, str]] = (),
    abstracts: pl.DataFrame | None = None,
) -> Resolved:
    """Join each identity without an id to the one id that owns its content key or title key, and
    before that each DOI to the one arXiv id that does.

    A key that two ids own joins neither; an edge with the decision ``review`` says so. So it is
    with a title where both have abstracts, and no two of these share anything, and for a DOI also
    where one of the two has none; ``abstracts`` are those that can be compared, (content_key,
    abstract). What a person says comes first: ``same`` leads from an id to the paper that it is, to
    the end of the way; the pairs of ``apart`` are joined by no rule. A key of very many ids has
    edges to the first of them alone, all for review. Nothing depends on the order of the rows, or
    on any identity outside the neighbourhood.
    """
    identities = identities.select(IDENTITY.names()).unique()
    abstracts = pl.DataFrame(schema=ABSTRACT) if abstracts is None else abstracts
    is_told = pl.col("own_id").is_in(list(same))
    owned = identities.with_columns(pl.col("source_id").replace(same))
    # the papers that a person names are those that he means
    is_named = is_told | pl.col("own_id").is_in(list(same.values()))
    of_dois = _join(
        identities.filter(pl.col("source_id").str.starts_with("doi:") & ~is_named),
        owned.filter(pl.col("source_id").str.starts_with("arxiv:")),
        _told_apart(same, apart),
        abstracts,
        needs_proof=True,
    )
    is_same = pl.col("decision") == "same"
    found = dict(of_dois.filter(is_same).select("left_id", "right_id").iter_rows())
    of_titles = _join(
        identities.filter(~is_told & pl.col("source_id").is_null()),
        owned.with_columns(pl.col("source_id").replace(found)),
        _told_apart({**same, **found}, apart),
        abstracts,
    )
    edges = pl.concat([of_dois, of_titles, _corrected(identities.filter(is_told), same)])
    edges = edges.sort("left_id", "right_id", "rule")
    aliases = _aliases(identities, edges)
    ALIASES.validate(aliases)
    return Resolved(aliases, _identifiers(identities, aliases), edges)


def _corrected(told: pl.DataFrame, same: Mapping[str, str]) -> pl.DataFrame:
    """Return the edges of what a person says is the same."""
    edges = told.select(
        left_id="own_id",
        right_id=pl.col("own_id").replace(same),
        rule=pl.lit("same_as"),
        score=pl.lit(1.0),
        evidence=pl.lit("corrections.toml"),
        decision=pl.lit("same"),
    )
    return edges.unique()


def _aliases(identities: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Return each identity's own id with the paper that it is, by itself or joined."""
    is_same = pl.col("decision") == "same"
    joined = edges.filter(is_same).select(alias_id="left_id", joined_id="right_id")
    return (
        identities.select(alias_id="own_id")
        .unique()
        .join(joined, on="alias_id", how="left")
        .select("alias_id", paper_id=pl.coalesce("joined_id", "alias_id"))
        .sort("alias_id")
    )


def _join(
    left: pl.DataFrame,
    owned: pl.DataFrame,
    told_apart: pl.DataFrame,
    abstracts: pl.DataFrame,
    *,
    needs_proof: bool = False,
) -> pl.DataFrame:
    """Return the edges from some identities to the owners of their content, else of their title.

    With ``needs_proof`` a title joins only where an abstract of each is at hand.
    """
    if left.is_empty():
        return _NO_EDGES
    by_content = _match(left, owned, "content_key", told_apart, _NO_PAIRS)
    decided = by_content.filter(pl.col("decision") != "apart").select(own_id="left_id").unique()
    left = left.join(decided, on="own_id", how="anti").filter(
        pl.col("title_key").str.len_chars() >= TITLE_KEY_MIN_LENGTH
    )
    unlike = _unlike(left, owned, told_apart, abstracts, needs_proof)
    return pl.concat([by_content, _match(left, owned, "title_key", told_apart, unlike)])


def _told_apart(same: Mapping[str, str], apart: Collection[tuple[str, str]]) -> pl.DataFrame:
    """Return the pairs of (left_id, right_id) that a person keeps apart, both ways round."""
    pairs = {(one, same.get(other, other)) for pair in apart for one, other in (pair, pair[::-1])}
    return pl.DataFrame(sorted(pairs), schema=_NO_PAIRS.schema, orient="row")


def _unlike(
    left: pl.DataFrame,
    owned: pl.DataFrame,
    told_apart: pl.DataFrame,
    abstracts: pl.DataFrame,
    needs_proof: bool,
) -> pl.DataFrame:
    """Return the pairs of (left_id, right_id) that a title would join, and whose abstracts share
    nothing; with ``needs_proof`` also those of which no two abstracts can be compared.
    """
    candidates = (
        left.select("title_key", left_id="own_id", one="content_key")
        .join(_owners(owned, "title_key"), on="title_key")
        .join(told_apart, on=["left_id", "right_id"], how="anti")
        .filter(pl.col("right_id").n_unique().over("left_id") == 1)
    )
    texts = (
        owned.filter(pl.col("source_id").is_not_null())
        .select("title_key", right_id="source_id", other="content_key")
        .unique()
        .filter(_is_among_first("other", _MOST_TEXTS, ["title_key", "right_id"]))
    )
    pairs = candidates.join(texts, on=["title_key", "right_id"]).select(
        "left_id", "right_id", "one", "other"
    )
    named = pairs.select(content_key=pl.concat_list("one", "other").list.explode()).unique()
    known = abstracts.join(named, on="content_key", how="semi").select(ABSTRACT.names())
    keys = {content_key: key_text(abstract) for content_key, abstract in known.iter_rows()}
    unlike: dict[tuple[str, str], bool] = {}
    # those of one owner together: what its abstract is cut into is found once
    for left_id, right_id, one, other in pairs.unique().sort("other", nulls_last=True).iter_rows():
        pair = (left_id, right_id)
        if one in keys and other in keys:
            unlike[pair] = unlike.get(pair, True) and not share_something(keys[one], keys[other])
        elif needs_proof:
            unlike.setdefault(pair, True)
    rows = sorted(pair for pair, is_unlike in unlike.items() if is_unlike)
    return pl.DataFrame(rows, schema=_NO_PAIRS.schema, orient="row")


def share_something(one: str, other: str) -> bool:
    """Tell whether two abstracts, as their letters and digits, have a run of these in common."""
    shorter = min(len(one), len(other))
    length = min(shorter, max(_SHORTEST_RUN, shorter // 2), _SHARED_RUN)
    runs = _runs(other, length)
    return any(one[start : start + length] in runs for start in range(len(one) - length + 1))


@lru_cache(maxsize=4)
def _runs(text: str, length: int) -> frozenset[str]:
    return frozenset(text[start : start + length] for start in range(len(text) - length + 1))


def _is_among_first(name: str, most: int, of: list[str]) -> pl.Expr:
    """Tell whether the value of a column, which occurs once, is one of the first of its group."""
    return pl.col(name).rank("ordinal").over(of).fill_null(1) <= most


def _owners(owned: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Return who owns each key, (key, right_id, owners): the first ids, and how many there are."""
    return (
        owned.filter(pl.col("source_id").is_not_null() & pl.col(rule).is_not_null())
        .select(rule, right_id="source_id")
        .unique()
        .with_columns(owners=pl.len().over(rule))
        .filter(_is_among_first("right_id", _MOST_OWNERS, [rule]))
    )


def _match(
    identities: pl.DataFrame,
    owned: pl.DataFrame,
    rule: str,
    told_apart: pl.DataFrame,
    unlike: pl.DataFrame,
) -> pl.DataFrame:
    """Return an edge from each identity to each owner of its key, unless the two are kept apart;
    the pairs that are ``unlike`` are for review.
    """
    pairs = (
        identities.join(_owners(owned, rule), on=rule)
        .group_by("right_id", left_id="own_id")
        .agg(evidence=pl.col(rule).min(), owners=pl.col("owners").max())
        .join(
            told_apart.with_columns(is_apart=pl.lit(True)), on=["left_id", "right_id"], how="left"
        )
        .join(unlike.with_columns(is_unlike=pl.lit(True)), on=["left_id", "right_id"], how="left")
    )
    is_apart, is_unlike = pl.col("is_apart").is_not_null(), pl.col("is_unlike").is_not_null()
    beyond = (pl.col("owners").clip(_MOST_OWNERS) - _MOST_OWNERS).max()
    candidates = ((~is_apart).sum() + beyond).over("left_id")
    return pairs.select(
        "left_id",
        "right_id",
        rule=pl.lit(rule),
        score=pl.when(is_apart | is_unlike).then(0.0).otherwise(1 / candidates),
        evidence="evidence",
        decision=pl.when(is_apart)
        .then(pl.lit("apart"))
        .when((candidates == 1) & ~is_unlike)
        .then(pl.lit("same"))
        .otherwise(pl.lit("review")),
    )


def _identifiers(identities: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    papers = identities.join(aliases, left_on="own_id", right_on="alias_id")
    by_kind = [
        papers.filter(pl.col(kind).is_not_null())
        .group_by(identity_key=_prefix(kind) + pl.col(kind))
        .agg(kind=pl.lit(kind), owners=pl.col("paper_id").unique())
        for kind in _KINDS
    ]
    only_owner = pl.when(pl.col("owners").list.len() == 1).then(pl.col("owners").list.first())
    return (
        pl.concat(by_kind)
        .select(
            "identity_key",
            pl.col("kind").cast(pl.String),
            paper_id=only_owner,
            owner_count=pl.col("owners").list.len().cast(pl.Int32),
        )
        .sort("identity_key")
    )


def _prefix(kind: str) -> pl.Expr:
    return pl.lit("" if kind == "source_id" else kind.removesuffix("_key") + "-key:")
