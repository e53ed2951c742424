"""Identities to papers: a pure function of a neighbourhood, exact keys only.

An identity is what one entry alone says of who it is: (own_id, source_id, content_key, title_key).
The neighbourhood of a batch is every identity that shares a title key with it. That is enough,
since a content key determines the title key.
"""

from dataclasses import dataclass

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
    """(left_id, right_id, rule, score, evidence, decision): one row per pair that was judged."""


def resolve(identities: pl.DataFrame) -> Resolved:
    """Join each identity without an id to the one id that owns its content key or title key.

    A key that two ids own joins neither; an edge with the decision ``review`` says so. Nothing
    depends on the order of the rows, or on any identity outside the neighbourhood.
    """
    identities = identities.select(IDENTITY.names()).unique()
    content_owners = _owners(identities, "content_key")
    title_owners = _owners(identities, "title_key").filter(
        pl.col("title_key").str.len_chars() >= TITLE_KEY_MIN_LENGTH
    )
    edges = pl.concat(
        [
            _judge(identities, content_owners, "content_key"),
            _judge(_unowned(identities, content_owners), title_owners, "title_key"),
        ]
    ).sort("left_id", "right_id", "rule")
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


def _owners(identities: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return (key, owners): the distinct ids that claim it, sorted; unclaimed keys are absent."""
    return (
        identities.filter(pl.col("source_id").is_not_null() & pl.col(key).is_not_null())
        .group_by(key)
        .agg(owners=pl.col("source_id").unique().sort())
    )


def _unowned(identities: pl.DataFrame, content_owners: pl.DataFrame) -> pl.DataFrame:
    return identities.join(content_owners, on="content_key", how="anti")


def _judge(identities: pl.DataFrame, owners: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Return an edge from each identity without an id to each owner of its key."""
    is_alone = pl.col("owners").list.len() == 1
    return (
        identities.filter(pl.col("source_id").is_null())
        .join(owners, on=rule)
        .select(
            left_id="own_id",
            right_id="owners",
            rule=pl.lit(rule),
            score=pl.when(is_alone).then(1.0).otherwise(1 / pl.col("owners").list.len()),
            evidence=pl.col(rule),
            decision=pl.when(is_alone).then(pl.lit("same")).otherwise(pl.lit("review")),
        )
        .explode("right_id")
        .unique()
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
