"""The contracts at the boundaries: rules of columns, and Pandera where they are broken.

Whether a frame keeps its contract is one expression for all rules, evaluated in one pass; most
frames do. What breaks it Pandera finds and names, by the same rules. Importing Pandera costs most
of a second, and checking a small frame column by column more than all else that is done to it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

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

if TYPE_CHECKING:
    import pandera.polars as pa
    from pandera.api.polars.types import PolarsData


@dataclass(frozen=True)
class Rule:
    """A named rule of the values of one column."""

    name: str
    passes: pl.Expr
    """True by row where the value passes; null is as good as false."""
    reason: str

    def as_check(self) -> "pa.Check":
        """Return the rule as Pandera checks it."""
        import pandera.polars as pa

        def check(frame: "PolarsData") -> pl.LazyFrame:
            return frame.lazyframe.select(self.passes)

        return pa.Check(check, name=self.name, error=f"{self.name}|{self.reason}")


@dataclass(frozen=True)
class Column:
    """What a column may hold."""

    dtype: Any
    rules: tuple[Rule, ...] = ()
    is_nullable: bool = False
    is_unique: bool = False

    def is_kept(self, name: str) -> pl.Expr:
        """Tell of the column as a whole whether it holds nothing else."""
        kept = [rule.passes.fill_null(False).all() for rule in self.rules]
        if not self.is_nullable:
            kept.append(pl.col(name).null_count() == 0)
        if self.is_unique:
            kept.append(~pl.col(name).is_duplicated().any())
        return pl.all_horizontal(pl.lit(True), *kept)

    def as_pandera(self) -> "pa.Column":
        """Return the column as Pandera checks it."""
        import pandera.polars as pa

        checks = [rule.as_check() for rule in self.rules]
        return pa.Column(self.dtype, checks, nullable=self.is_nullable, unique=self.is_unique)


@dataclass(frozen=True)
class Contract:
    """What a frame may hold. It may have other columns too, unless it ``is_strict``."""

    columns: Mapping[str, Column]
    unique: tuple[str, ...] = ()
    """The columns that together occur once."""
    is_strict: bool = False

    def validate(self, frame: pl.DataFrame) -> None:
        """Hold a frame against the contract.

        Raises:
            pandera.errors.SchemaErrors: with every value that breaks it.
        """
        if broken := self.find_broken(frame):
            self._as_pandera(broken).validate(frame, lazy=True)

    def find_failures(self, frame: pl.DataFrame) -> pl.DataFrame | None:
        """Return the failure cases of Pandera, a row per value; None where there are none."""
        broken = self.find_broken(frame)
        if not broken:
            return None
        from pandera.errors import SchemaErrors

        try:
            self._as_pandera(broken).validate(frame, lazy=True)
        except SchemaErrors as errors:
            failures: pl.DataFrame = errors.failure_cases
            return failures
        return None

    def _as_pandera(self, names: Collection[str]) -> "pa.DataFrameSchema":
        """Return the contract of some columns as Pandera checks it."""
        import pandera.polars as pa

        columns = {name: self.columns[name].as_pandera() for name in names}
        unique = list(self.unique) if set(self.unique) <= set(names) else None
        return pa.DataFrameSchema(columns, unique=unique or None, strict=self.is_strict)

    def find_broken(self, frame: pl.DataFrame) -> list[str]:
        """Return the columns in which Pandera would find something, in one pass over the frame;
        all columns, where the frame has others or of another type, or rows occur twice, or where
        Pandera must see the whole frame.
        """
        found = frame.schema
        is_shaped = all(found.get(name) == column.dtype for name, column in self.columns.items())
        if not is_shaped or (self.is_strict and set(found) != set(self.columns)):
            return list(self.columns)
        if self.unique and frame.select(self.unique).is_duplicated().any():
            return list(self.columns)
        [kept] = frame.select(self._kept).rows()
        broken = [name for name, is_kept in zip(self.columns, kept, strict=True) if not is_kept]
        return list(self.columns) if broken and self.is_strict else broken

    @cached_property
    def _kept(self) -> list[pl.Expr]:
        return [column.is_kept(name).alias(name) for name, column in self.columns.items()]


def _rule(name: str, passes: Callable[[pl.Expr], pl.Expr], reason: str) -> Callable[[str], Rule]:
    """Return a maker of a rule of one column, in which null passes; ``{field}`` in the reason is
    the column's name.
    """

    def make(column: str) -> Rule:
        value = pl.col(column)
        return Rule(name, value.is_null() | passes(value), reason.format(field=column))

    return make


def _latest() -> pl.Expr:
    """Two days after the capture, or the end of the century where its time is unknown."""
    return pl.coalesce(
        pl.col("captured_at") + pl.duration(days=2),
        pl.datetime(PLAUSIBLE_YEARS.stop, 1, 1, time_unit="us"),
    )


_no_title_words = _rule(
    "no_words", lambda _: pl.col("title_key") != "", "{field} holds no letter or digit"
)
_not_too_long = _rule(
    "too_long",
    lambda text: text.str.len_chars() <= LONGEST_TITLE,
    f"{{field}} is longer than {LONGEST_TITLE} characters",
)
_abstract_length = _rule(
    "too_long",
    lambda text: text.str.len_chars() <= LONGEST_ABSTRACT,
    f"{{field}} is longer than {LONGEST_ABSTRACT} characters",
)
_names_not_too_long = _rule(
    "too_long",
    lambda names: (
        names.list.eval(pl.element().str.len_chars()).list.max().fill_null(0) <= LONGEST_TITLE
    ),
    f"{{field}} have a name longer than {LONGEST_TITLE} characters",
)
_in_range = _rule(
    "out_of_range",
    lambda count: count.is_between(0, LARGEST_COUNT),
    f"{{field}} is not between 0 and {LARGEST_COUNT}",
)
_plausible_time = _rule(
    "implausible_date",
    lambda time: (time.dt.year() >= EARLIEST_PUBLICATION) & (time <= _latest()),
    f"{{field}} lies before {EARLIEST_PUBLICATION} or after the look at the feed",
)
_is_link = _rule(
    "not_a_link",
    lambda link: link.str.contains(r"^https?://\S+$") & (link.str.len_bytes() <= LONGEST_TITLE),
    "{field} is not a link that begins with http:// or https:// and has no white space, or has"
    f" more than {LONGEST_TITLE} bytes",
)

_is_announced = _rule(
    "announce_type",
    lambda text: text.str.strip_chars().str.to_lowercase().is_in(ANNOUNCE_TYPES),
    f"{{field}} is none of {', '.join(ANNOUNCE_TYPES)}",
)


def _has_id() -> pl.Expr:
    is_optional = pl.col("id_scheme").is_in(["none", "arxiv-optional"])
    return is_optional | pl.col("source_id").is_not_null()


def _fits_scheme() -> pl.Expr:
    source_id = pl.col("source_id")
    is_arxiv = pl.col("id_scheme").str.starts_with("arxiv")
    is_doi = (pl.col("id_scheme") == "arxiv-optional") & source_id.str.contains(DOI_ID)
    return source_id.is_null() | ~is_arxiv | source_id.str.contains(ARXIV_ID) | is_doi


def _is_of_its_time() -> pl.Expr:
    """Tell whether the month in a new arXiv id lies at most one after the look: clocks differ."""
    parts = pl.col("source_id").str.extract_groups(MONTH_OF_ID)
    year, month = (parts.struct[name].cast(pl.Int32) for name in ("1", "2"))
    seen = pl.col("seen_until").dt.year() * 12 + pl.col("seen_until").dt.month()
    is_later = (2000 + year) * 12 + month > seen + 1
    is_arxiv = pl.col("id_scheme").str.starts_with("arxiv")
    return ~(is_arxiv & is_later).fill_null(False)


def _optional(dtype: Any, *rules: Rule) -> Column:
    return Column(dtype, rules, is_nullable=True)


def _like(column: str, pattern: str) -> Column:
    return Column(
        pl.String,
        (Rule("pattern", pl.col(column).str.contains(pattern), f"{column} is not {pattern}"),),
    )


PARSED_ENTRIES = Contract(
    {
        "source_id": _optional(
            pl.String,
            Rule("required", _has_id(), "source_id is missing"),
            Rule("id_scheme", _fits_scheme(), "source_id is not an arXiv id"),
            Rule(
                "future_id",
                _is_of_its_time(),
                "source_id is of a month that had not come when this was seen",
            ),
        ),
        "title": Column(pl.String, (_not_too_long("title"), _no_title_words("title"))),
        "abstract": _optional(pl.String, _abstract_length("abstract")),
        "authors": _optional(pl.List(pl.String), _names_not_too_long("authors")),
        **{name: _optional(TIMESTAMP, _plausible_time(name)) for name in TIMES},
        "published_date": _optional(pl.Date, _plausible_time("published_date")),
        **{name: _optional(pl.Int64, _in_range(name)) for name in COUNTS},
        **{name: _optional(pl.String, _is_link(name)) for name in LINKS},
        **{name: _optional(pl.String, _not_too_long(name)) for name in NOTES},
        "announce_type": _optional(pl.String, _is_announced("announce_type")),
    }
)
"""Parsed entries after casting: what a capture may say of a paper."""

CONFORMED_ENTRIES = Contract(
    {
        "capture_id": _like("capture_id", r"^[0-9a-f]{64}$"),
        "position": Column(
            pl.Int32, (Rule("negative", pl.col("position") >= 0, "position is negative"),)
        ),
        "own_id": _like("own_id", r"^[a-z]+:\S+$"),
        "title_key": Column(
            pl.String, (Rule("empty", pl.col("title_key") != "", "title_key is empty"),)
        ),
        "content_id": _like("content_id", r"^[0-9a-f]{32}$"),
    },
    unique=("capture_id", "position"),
)
"""Entries on their way to the warehouse: a failure here is an error of ours."""

ALIASES = Contract(
    {"alias_id": Column(pl.String, is_unique=True), "paper_id": Column(pl.String)},
    is_strict=True,
)
"""What resolving returns: every identity leads to exactly one paper."""
