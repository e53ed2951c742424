"""Parsed entries to accepted and rejected ones, and a list of the values that became null."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from itertools import chain
from typing import Any, NamedTuple

import orjson
import polars as pl
import pyarrow as pa

from transforms.contracts import PARSED_ENTRIES
from transforms.letters import announced_in_title
from transforms.parse.entry import Parsed
from transforms.schemas import ISSUE, LINKS, PARSED, REQUIRED, TIMES
from transforms.standing import announce_types, announced_withdrawal
from transforms.text import clean_titles, has_control_character, title_keys
from transforms.years import PLAUSIBLE_YEARS

_FACTS = 7
"""The columns of PARSED that come from the capture, not from the entry."""
_LONGEST_VALUE = 200
_OTHER_TIMES = (
    *("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"),
    *("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"),
)
_KEPT = "control_character"
"""The one rule after which the value stays: it is read without what cannot be seen."""


class ParsedCapture(NamedTuple):
    """One capture on its way into the frame of the batch."""

    capture_id: str
    id_scheme: str
    captured_at: datetime | None
    parsed: Parsed
    days_between: tuple[date, date] | None = None
    """Where each entry is of the day that it states: the days that it may be of, else null."""
    feed_date: date | None = None
    """The day of all entries, where nobody decided it; null where there is none."""
    seen_until: date | None = None
    """The day by which it was made: of its look, else of its landing; null if unknown."""


@dataclass(frozen=True)
class Validated:
    """The batch, told apart: every parsed entry is in ``accepted`` or in ``rejects``."""

    accepted: pl.DataFrame
    rejects: pl.DataFrame
    """One row per refused entry: the ISSUE columns and ``payload``, the entry in the source."""
    issues: pl.DataFrame
    """One row per optional value made null, or text made readable."""


def validate(captures: Sequence[ParsedCapture]) -> Validated:
    """Check all entries of a batch at once, against PARSED_ENTRIES and what their parser noted."""
    parsed = gather_entries(captures)
    entries, unreadable = _cast(parsed)
    findings = pl.concat([_misfits(captures), unreadable, _failures(entries), _invisible(parsed)])
    is_required = pl.col("field").is_in(REQUIRED) & (pl.col("rule") != _KEPT)
    # one reason for each field, the parser's before the schema's, which sees only the null
    findings = findings.unique(
        ["capture_id", "position", "field"], keep="first", maintain_order=True
    )
    rejects = findings.filter(is_required).unique(
        ["capture_id", "position"], keep="first", maintain_order=True
    )
    issues = findings.filter(~is_required).join(
        rejects, on=["capture_id", "position"], how="anti", maintain_order="left"
    )
    accepted = entries
    if rejects.height:
        accepted = entries.join(
            rejects, on=["capture_id", "position"], how="anti", maintain_order="left"
        )
    return Validated(_without(accepted, issues), with_payload(rejects, captures), issues)


def gather_entries(captures: Iterable[ParsedCapture]) -> pl.DataFrame:
    """Return all entries of a batch as one frame of the PARSED schema."""
    filled = [capture for capture in captures if capture.parsed.entries]
    columns = list(zip(*chain.from_iterable(c.parsed.entries for c in filled), strict=True))
    counts = [len(capture.parsed.entries) for capture in filled]
    if not columns:
        return pl.DataFrame(schema=PARSED)
    facts = pl.DataFrame(
        [
            (
                *(c.capture_id, c.id_scheme, c.captured_at),
                *(c.days_between or (None, None)),
                *(c.feed_date, c.seen_until),
            )
            for c in filled
        ],
        schema=dict(list(PARSED.items())[:_FACTS]),
        orient="row",
    )
    repeated = facts.select(pl.all().repeat_by(pl.Series(counts)).explode())
    shown = [
        _column(name, values, dtype)
        for (name, dtype), values in zip(list(PARSED.items())[_FACTS:], columns, strict=True)
    ]
    return repeated.hstack(shown)


def _column(name: str, values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    if not isinstance(dtype, pl.List):
        return pl.Series(name, values, dtype=dtype)
    # by way of Arrow, which builds columns of lists ten times faster; of its parts, for an array of
    # Python's lists would import pandas
    lengths = pl.Series([None if value is None else len(value) for value in values], dtype=pl.Int64)
    texts = pl.Series(list(chain.from_iterable(filter(None, values))), dtype=pl.String)
    starts = lengths.fill_null(0).cum_sum() - lengths
    offsets = pl.concat([starts, pl.Series([len(texts)], dtype=pl.Int64)]).to_arrow()
    large_text = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    return pl.Series(name, pa.LargeListArray.from_arrays(offsets, large_text))


def _cast(entries: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return entries with readable titles and UTC times, and a finding for each unreadable time."""
    titles = clean_titles(entries["title"])
    announced_version, announced_type = announced_in_title(pl.col("title"))
    cast = entries.with_columns(
        announced_version.alias("title_version"),
        announce_types(pl.coalesce("announce_type", announced_type)).alias("announce_type"),
        titles.alias("title"),
        title_keys(titles),
        *(pl.col(name).str.strip_chars() for name in LINKS),
        *(_read_times(entries[name]) for name in TIMES),
        pl.col("published_date").str.to_date("%Y-%m-%d", strict=False),
        is_withdrawn=pl.col("is_withdrawn") | announced_withdrawal(pl.col("announce_type")),
        stated_date=pl.when(pl.col("days_until").is_not_null()).then(_stated_date()),
    )
    findings = [
        entries.filter(pl.col(name).is_not_null() & cast[name].is_null()).select(
            "capture_id",
            "position",
            rule=pl.lit("not_a_date"),
            field=pl.lit(name),
            reason=pl.lit(f"{name} is not a date in ISO 8601"),
            value=pl.col(name).str.slice(0, _LONGEST_VALUE),
        )
        for name in (*TIMES, "published_date")
    ]
    return cast, pl.concat([*findings, _misplaced(entries)])


def _stated_date() -> pl.Expr:
    return pl.col("stated_date").str.to_date("%Y-%m-%d", strict=False)


def _misplaced(entries: pl.DataFrame) -> pl.DataFrame:
    """Return a finding for each entry that states no day that can be, where each states its own,
    and for each that states another day than that of its list.
    """
    text, day = pl.col("stated_date"), pl.col("day")
    has_own, is_dated = pl.col("days_until").is_not_null(), pl.col("feed_date").is_not_null()
    is_plausible = day.dt.year().is_in(PLAUSIBLE_YEARS) & day.is_between("days_from", "days_until")
    rule = (
        pl.when(is_dated & (day != pl.col("feed_date")))
        .then(pl.lit("other_day|the entry states another day than that of its list"))
        .when(has_own & text.is_null())
        .then(pl.lit("required|the entry states no day, as others do"))
        .when(has_own & day.is_null())
        .then(pl.lit("not_a_date|the day that the entry states is no date"))
        .when(has_own & ~is_plausible)
        .then(
            pl.lit(
                "implausible_date|the day that the entry states lies after the look, long ago,"
                " or outside of what was asked for"
            )
        )
        .str.splitn("|", 2)
    )
    several = entries.filter(has_own | (is_dated & text.is_not_null()))
    findings = several.with_columns(day=_stated_date()).select(
        "capture_id",
        "position",
        rule=rule.struct[0],
        field=pl.lit("stated_date"),
        reason=rule.struct[1],
        value=text.str.slice(0, _LONGEST_VALUE),
    )
    return findings.filter(pl.col("rule").is_not_null())


def _read_times(texts: pl.Series) -> pl.Series:
    """Return instants as naive UTC; a time without a zone is UTC, null where it is no time."""

    def read(form: str) -> pl.Series:
        times = texts.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False)
        return times.dt.replace_time_zone(None)

    times = read("%+")
    for form in _OTHER_TIMES:
        if times.null_count() == texts.null_count():
            break
        times = times.zip_with(times.is_not_null(), read(form))
    in_calendar = times.dt.year().is_between(MINYEAR, MAXYEAR)
    return times.set(~in_calendar.fill_null(True), None)


def _misfits(captures: Iterable[ParsedCapture]) -> pl.DataFrame:
    rows = [
        (c.capture_id, m.position, m.rule, m.field, m.reason, m.value)
        for c in captures
        for m in c.parsed.misfits
    ]
    return pl.DataFrame(rows, schema=ISSUE, orient="row")


def _failures(entries: pl.DataFrame) -> pl.DataFrame:
    """Return what the schema finds wrong, a row per value."""
    failures = PARSED_ENTRIES.find_failures(entries)
    if failures is None:
        return pl.DataFrame(schema=ISSUE)
    broken = failures.filter(pl.col("index").is_null())
    if broken.height:
        raise AssertionError(f"the frame itself breaks the contract: {broken.to_dicts()[:3]}")
    check = pl.col("check").str.splitn("|", 2)
    named = failures.select(
        pl.col("index").cast(pl.Int64),
        rule=pl.when(pl.col("check") == "not_nullable")
        .then(pl.lit("required"))
        .otherwise(check.struct[0]),
        field=pl.col("column"),
        reason=check.struct[1].fill_null(pl.col("column") + " is missing"),
    )
    places = entries.select("capture_id", "position", index=pl.int_range(pl.len()))
    values = _values(entries, named)
    findings: pl.DataFrame = (
        named.with_columns(values)
        .join(
            places.with_columns(pl.col("index").cast(pl.Int64)), on="index", maintain_order="left"
        )
        .select(ISSUE.names())
    )
    return findings


def _values(entries: pl.DataFrame, failures: pl.DataFrame) -> pl.Series:
    values = [
        _shown(entries.item(row["index"], row["field"])) for row in failures.iter_rows(named=True)
    ]
    return pl.Series("value", values, dtype=pl.String)


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)[:_LONGEST_VALUE]


def _invisible(entries: pl.DataFrame) -> pl.DataFrame:
    """Return a finding for each text with control characters; conforming makes them spaces."""
    found = [
        entries.filter(has_control_character(pl.col(name))).select(
            "capture_id",
            "position",
            rule=pl.lit(_KEPT),
            field=pl.lit(name),
            reason=pl.lit(
                f"{name} holds characters that cannot be seen: left out, or read as spaces"
            ),
            value=pl.col(name).str.slice(0, _LONGEST_VALUE),
        )
        for name in ("title", "abstract")
    ]
    return pl.concat(found)


def _without(entries: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """Return the entries with null in place of every value that an issue names."""
    issues = issues.filter(pl.col("rule") != _KEPT)
    for name in issues["field"].unique(maintain_order=True):
        if name not in entries.columns:
            continue  # it is about something else than a value of the entry
        # a list of authors of which only some are unreadable keeps the others
        is_whole = (pl.lit(name) != "authors") | (pl.col("rule") == "too_long")
        named = issues.filter((pl.col("field") == name) & is_whole)
        bad = named.select("capture_id", "position", is_bad=pl.lit(True))
        entries = (
            entries.join(bad, on=["capture_id", "position"], how="left", maintain_order="left")
            .with_columns(pl.when(pl.col("is_bad").is_null()).then(pl.col(name)).alias(name))
            .drop("is_bad")
        )
    return entries


def with_payload(rejects: pl.DataFrame, captures: Iterable[ParsedCapture]) -> pl.DataFrame:
    """Add to rejects the entry as the source gave it, as JSON."""
    parsed = {capture.capture_id: capture.parsed for capture in captures}
    payloads = [
        _as_json(parsed[capture_id].payload(position))
        for capture_id, position in rejects.select("capture_id", "position").iter_rows()
    ]
    return rejects.with_columns(pl.Series("payload", payloads, dtype=pl.String))


def _as_json(payload: Any) -> str:
    try:
        return orjson.dumps(payload, default=str).decode()
    except orjson.JSONEncodeError:
        # nested deeper than it writes
        return orjson.dumps(repr(payload)).decode()
