"""The contracts at the boundaries, as Pandera schemas.

Importing Pandera costs most of a second: this module is imported by the functions that validate
rows, when they do.
"""

from collections.abc import Callable
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from transforms.arxiv import MONTH_OF_ID
from transforms.schemas import (
    ANNOUNCE_TYPES,
    ARXIV_ID,
    COUNTS,
    DOI_ID,
    LARGEST_COUNT,
    LINKS,
    LONGEST_ABSTRACT,
    LONGEST_TITLE,
    NOTES,
    TIMES,
    TIMESTAMP,
)
from transforms.years import EARLIEST_PUBLICATION, PLAUSIBLE_YEARS


def _check(
    name: str, passes: Callable[[pl.Expr], pl.Expr], reason: str
) -> Callable[[str], pa.Check]:
    """Return a maker of a named check of one column; ``{field}`` in the reason is its name."""

    def make(field: str) -> pa.Check:
        def check(frame: PolarsData) -> pl.LazyFrame:
            column = pl.col(field)
            return frame.lazyframe.select(column.is_null() | passes(column))

        return pa.Check(check, name=name, error=f"{name}|{reason.format(field=field)}")

    return make


def _latest() -> pl.Expr:
    """Two days after the capture, or the end of the century where its time is unknown."""
    return pl.coalesce(
        pl.col("captured_at") + pl.duration(days=2),
        pl.datetime(PLAUSIBLE_YEARS.stop, 1, 1, time_unit="us"),
    )


_no_title_words = _check(
    "no_words", lambda _: pl.col("title_key") != "", "{field} holds no letter or digit"
)
_not_too_long = _check(
    "too_long",
    lambda text: text.str.len_chars() <= LONGEST_TITLE,
    f"{{field}} is longer than {LONGEST_TITLE} characters",
)
_abstract_length = _check(
    "too_long",
    lambda text: text.str.len_chars() <= LONGEST_ABSTRACT,
    f"{{field}} is longer than {LONGEST_ABSTRACT} characters",
)
_in_range = _check(
    "out_of_range",
    lambda count: count.is_between(0, LARGEST_COUNT),
    f"{{field}} is not between 0 and {LARGEST_COUNT}",
)
_plausible_time = _check(
    "implausible_date",
    lambda time: (time.dt.year() >= EARLIEST_PUBLICATION) & (time <= _latest()),
    f"{{field}} lies before {EARLIEST_PUBLICATION} or after the look at the feed",
)
_is_link = _check(
    "not_a_link",
    lambda link: link.str.contains(r"^https?://\S+$") & (link.str.len_bytes() <= LONGEST_TITLE),
    "{field} is not a link that begins with http",
)

_is_announced = _check(
    "announce_type",
    lambda text: text.str.strip_chars().str.to_lowercase().is_in(ANNOUNCE_TYPES),
    f"{{field}} is none of {', '.join(ANNOUNCE_TYPES)}",
)


def _has_id(frame: PolarsData) -> pl.LazyFrame:
    is_optional = pl.col("id_scheme").is_in(["none", "arxiv-optional"])
    return frame.lazyframe.select(is_optional | pl.col("source_id").is_not_null())


def _fits_scheme(frame: PolarsData) -> pl.LazyFrame:
    source_id = pl.col("source_id")
    is_arxiv = pl.col("id_scheme").str.starts_with("arxiv")
    is_doi = (pl.col("id_scheme") == "arxiv-optional") & source_id.str.contains(DOI_ID)
    return frame.lazyframe.select(
        source_id.is_null() | ~is_arxiv | source_id.str.contains(ARXIV_ID) | is_doi
    )


def _is_of_its_time(frame: PolarsData) -> pl.LazyFrame:
    """Tell whether the month in a new arXiv id lies at most one after the look: clocks differ."""
    parts = pl.col("source_id").str.extract_groups(MONTH_OF_ID)
    year, month = (parts.struct[name].cast(pl.Int32) for name in ("1", "2"))
    seen = pl.col("seen_until").dt.year() * 12 + pl.col("seen_until").dt.month()
    is_later = (2000 + year) * 12 + month > seen + 1
    is_arxiv = pl.col("id_scheme").str.starts_with("arxiv")
    return frame.lazyframe.select(~(is_arxiv & is_later).fill_null(False))


def _optional(dtype: Any, *checks: pa.Check) -> pa.Column:
    return pa.Column(dtype, list(checks), nullable=True)


PARSED_ENTRIES = pa.DataFrameSchema(
    {
        "source_id": _optional(
            pl.String,
            pa.Check(_has_id, name="required", error="required|source_id is missing"),
            pa.Check(
                _fits_scheme, name="id_scheme", error="id_scheme|source_id is not an arXiv id"
            ),
            pa.Check(
                _is_of_its_time,
                name="future_id",
                error="future_id|source_id is of a month that had not come when this was seen",
            ),
        ),
        "title": pa.Column(
            pl.String, [_not_too_long("title"), _no_title_words("title")], nullable=False
        ),
        "abstract": _optional(pl.String, _abstract_length("abstract")),
        "authors": _optional(pl.List(pl.String)),
        **{name: _optional(TIMESTAMP, _plausible_time(name)) for name in TIMES},
        "published_date": _optional(pl.Date, _plausible_time("published_date")),
        **{name: _optional(pl.Int64, _in_range(name)) for name in COUNTS},
        **{name: _optional(pl.String, _is_link(name)) for name in LINKS},
        **{name: _optional(pl.String, _not_too_long(name)) for name in NOTES},
        "announce_type": _optional(pl.String, _is_announced("announce_type")),
    }
)
"""Parsed entries after casting: what a capture may say of a paper."""

CONFORMED_ENTRIES = pa.DataFrameSchema(
    {
        "capture_id": pa.Column(pl.String, pa.Check.str_matches(r"^[0-9a-f]{64}$")),
        "position": pa.Column(pl.Int32, pa.Check.ge(0)),
        "own_id": pa.Column(pl.String, pa.Check.str_matches(r"^[a-z]+:\S+$")),
        "title_key": pa.Column(pl.String, pa.Check.str_length(min_value=1)),
        "content_id": pa.Column(pl.String, pa.Check.str_matches(r"^[0-9a-f]{32}$")),
    },
    unique=["capture_id", "position"],
)
"""Entries on their way to the warehouse: a failure here is an error of ours."""

ALIASES = pa.DataFrameSchema(
    {"alias_id": pa.Column(pl.String, unique=True), "paper_id": pa.Column(pl.String)},
    strict=True,
)
"""What resolving returns: every identity leads to exactly one paper."""
