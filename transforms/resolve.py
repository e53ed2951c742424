"""Identities to papers: a pure function of a neighbourhood, exact keys only.

An identity is what one entry alone says of who it is: (own_id, source_id, content_key, title_key).
The neighbourhood of a batch is every identity that shares a title key with it. That is enough,
since a content key determines the title key.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from transforms.schemas import ALIASES, IDENTITY
from transforms.text import TITLE_KEY_MIN_LENGTH

_KINDS = ("source_id", "content_key", "title_key")


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
) -> Resolved:
    """Join each identity without an id to the one id that owns its content key or title key.

    A key that two ids own joins neither; an edge with the decision ``review`` says so. What a
    person says comes first: ``same`` leads from an id to the paper that it is, to the end of the
    way; the pairs of ``apart`` are joined by no rule. Nothing depends on the order of the rows, or
    on any identity outside the neighbourhood.
    """
    identities = identities.select(IDENTITY.names()).unique()
    is_told = pl.col("own_id").is_in(list(same))
    owned = identities.with_columns(pl.col("source_id").replace(same))
    told_apart = _told_apart(same, apart)
    left = identities.filter(~is_told & pl.col("source_id").is_null())
    by_content = _match(left, owned, "content_key", told_apart)
    decided = by_content.filter(pl.col("decision") != "apart").select(own_id="left_id").unique()
    left = left.join(decided, on="own_id", how="anti").filter(
        pl.col("title_key").str.len_chars() >= TITLE_KEY_MIN_LENGTH
    )
    by_title = _match(left, owned, "title_key", told_apart)
    corrected = identities.filter(is_told).select(
        left_id="own_id",
        right_id=pl.col("own_id").replace(same),
        rule=pl.lit("same_as"),
        score=pl.lit(1.0),
        evidence=pl.lit("corrections.toml"),
        decision=pl.lit("same"),
    )
    edges = pl.concat([by_content, by_title, corrected.unique()])
    edges = edges.sort("left_id", "right_id", "rule")
    joined = edges.filter(pl.col("decision") == "same").select(
        alias_id="left_id", joined_id="right_id"
    )
    aliases = (
        identities.select(alias_id="own_id")
        .unique()
        .join(joined, on="alias_id", how="left")
        .select("alias_id", paper_id=pl.coalesce("joined_id", "alias_id"))
        .sort("alias_id")
    )
    ALIASES.validate(aliases)
    return Resolved(aliases, _identifiers(identities, aliases), edges)


def _told_apart(same: Mapping[str, str], apart: Collection[tuple[str, str]]) -> pl.DataFrame:
    """Return the pairs of (left_id, right_id) that a person keeps apart, both ways round."""
    pairs = {(one, same.get(other, other)) for pair in apart for one, other in (pair, pair[::-1])}
    schema = {"left_id": pl.String, "right_id": pl.String}
    return pl.DataFrame(sorted(pairs), schema=schema, orient="row")


def _match(
    identities: pl.DataFrame, owned: pl.DataFrame, rule: str, told_apart: pl.DataFrame
) -> pl.DataFrame:
    """Return an edge from each identity to each owner of its key, unless the two are kept apart."""
    owners = owned.filter(pl.col("source_id").is_not_null() & pl.col(rule).is_not_null())
    pairs = (
        identities.join(owners.select(rule, right_id="source_id").unique(), on=rule)
        .select("right_id", left_id="own_id", evidence=rule)
        .unique()
        .join(
            told_apart.with_columns(is_apart=pl.lit(True)), on=["left_id", "right_id"], how="left"
        )
    )
    is_apart = pl.col("is_apart").is_not_null()
    candidates = (~is_apart).sum().over("left_id")
    return pairs.select(
        "left_id",
        "right_id",
        rule=pl.lit(rule),
        score=pl.when(is_apart).then(0.0).otherwise(1 / candidates),
        evidence="evidence",
        decision=pl.when(is_apart)
        .then(pl.lit("apart"))
        .when(candidates == 1)
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
