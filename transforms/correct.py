"""Corrections to a batch of facts: entries that a person dropped become rejects with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from transforms.schemas import ISSUE
from transforms.text import clean_titles, title_keys

RULE = "dropped"


@dataclass(frozen=True)
class Drop:
    """Entries with the id ``paper_id`` are rejected; feed and title narrow it down."""

    paper_id: str
    reason: str
    feed_id: str | None = None
    title: str | None = None


def find_dropped(entries: pl.DataFrame, feeds: pl.DataFrame, drops: Sequence[Drop]) -> pl.DataFrame:
    """Return the entries that were dropped, as the ISSUE rows of their rejection.

    ``entries`` are conformed, ``feeds`` tells (capture_id, feed_id). Titles are compared by their
    key: without white space, case and markup.
    """
    if not drops:
        return pl.DataFrame(schema=ISSUE)
    titles = pl.Series("title", [drop.title for drop in drops], dtype=pl.String)
    declared = pl.DataFrame(
        [(drop.paper_id, drop.feed_id, drop.reason) for drop in drops],
        schema={"own_id": pl.String, "only_feed": pl.String, "reason": pl.String},
        orient="row",
    ).with_columns(title_keys(clean_titles(titles)).alias("only_title"))
    concerned = entries.join(declared, on="own_id").join(feeds, on="capture_id")
    is_meant = (pl.col("only_feed").is_null() | (pl.col("only_feed") == pl.col("feed_id"))) & (
        pl.col("only_title").is_null() | (pl.col("only_title") == pl.col("title_key"))
    )
    return (
        concerned.filter(is_meant)
        .sort("capture_id", "position", pl.col("only_feed").is_null())
        .unique(["capture_id", "position"], keep="first", maintain_order=True)
        .select(
            "capture_id",
            "position",
            rule=pl.lit(RULE),
            field=pl.lit("entry"),
            reason="reason",
            value="own_id",
        )
    )


def leave_out(
    entries: pl.DataFrame, contents: pl.DataFrame, dropped: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return entries without those that were dropped, and contents without what only they show."""
    kept = entries.join(dropped, on=["capture_id", "position"], how="anti", maintain_order="left")
    return kept, contents.join(kept, on="content_id", how="semi", maintain_order="left")


def count_dropped(states: pl.DataFrame, dropped: pl.DataFrame) -> pl.DataFrame:
    """Return the CAPTURE_STATE rows with dropped entries counted as rejected, not as accepted.

    They do not count towards the half of a capture that holds it: a person chose them.
    """
    counts = dropped.group_by("capture_id").agg(dropped=pl.len().cast(pl.Int32))
    number = pl.col("dropped").fill_null(0)
    return (
        states.join(counts, on="capture_id", how="left", maintain_order="left")
        .with_columns(
            entries_accepted=pl.col("entries_accepted") - number,
            entries_rejected=pl.col("entries_rejected") + number,
        )
        .drop("dropped")
    )
