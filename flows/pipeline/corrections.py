"""The declared corrections: which are in force, and what they lead to."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import polars as pl

from config.corrections import Corrections, Drop, KeepApart, Override, SameAs
from transforms import correct
from transforms.text import clean_texts, title_keys
from warehouse import corrections as stored
from warehouse.corrections import CORRECTION

Guarded = SameAs | KeepApart | Drop


@dataclass(frozen=True)
class InForce:
    """What resolving goes by, and the corrections whose guard does not hold."""

    same: dict[str, str]
    """From an id to the paper that it is, to the end of the way."""
    apart: set[tuple[str, str]]
    expired: list[str]


def name_correction(correction: Guarded | Override) -> str:
    """Return the correction's unique name."""
    rest = {
        "other": getattr(correction, "other", None),
        "field": getattr(correction, "field", None),
        "feed": getattr(correction, "feed", None),
    }
    return " ".join([_kind(correction), correction.paper, *(v for v in rest.values() if v)])


def list_corrections(corrections: Corrections) -> pl.DataFrame:
    """Return the declared part of core.correction, a row each, in the order of their names."""
    rows = [
        {
            "correction_id": name_correction(one),
            "kind": _kind(one),
            "paper_id": one.paper,
            "other_id": getattr(one, "other", None),
            "feed_id": getattr(one, "feed", None),
            "title": one.title,
            "field": getattr(one, "field", None),
            "was": _text(getattr(one, "was", None)),
            "value": _text(getattr(one, "value", None)),
            "reason": one.reason,
        }
        for one in _all(corrections)
    ]
    return pl.DataFrame(rows, schema=CORRECTION).sort("correction_id")


def bring_in_force(work: duckdb.DuckDBPyConnection, declared: Corrections) -> InForce:
    """Return the corrections in force by what is loaded; touch what that changes."""
    guarded = _guarded(declared)
    titles = stored.read_titles(work, [one.paper for one in guarded])
    in_force = check_guards(declared, titles)
    if guarded and set(in_force.expired) != stored.read_expired(work) & {
        name_correction(one) for one in guarded
    }:
        pairs = [(one.paper, one.other) for one in declared.same_as]
        pairs += [(one.paper, one.other) for one in declared.keep_apart]
        stored.touch_ids(work, [paper_id for pair in pairs for paper_id in pair])
    return in_force


def check_guards(declared: Corrections, titles: pl.DataFrame) -> InForce:
    """Return what is in force where entries were seen under ``titles`` (own_id, title_key)."""
    seen: dict[str, set[str]] = {}
    for own_id, title_key in titles.iter_rows():
        seen.setdefault(own_id, set()).add(title_key)
    expired = [
        name_correction(one)
        for one in _guarded(declared)
        if one.paper in seen and _title_key(one.title or "") not in seen[one.paper]
    ]
    holding = [one for one in declared.same_as if name_correction(one) not in expired]
    to = {one.paper: one.other for one in holding}
    same = {paper: _end_of(to, paper) for paper in to}
    apart = {
        (one.paper, one.other) for one in declared.keep_apart if name_correction(one) not in expired
    }
    return InForce(same, apart, expired)


def _title_key(title: str) -> str:
    return str(title_keys(clean_texts(pl.Series([title])))[0])


def _end_of(to: dict[str, str], paper: str) -> str:
    while paper in to:
        paper = to[paper]
    return paper


def list_drops(declared: Corrections) -> list[correct.Drop]:
    """Return the drops as the stages take them."""
    return [correct.Drop(one.paper, one.reason, one.feed, one.title) for one in declared.drop]


def _guarded(declared: Corrections) -> list[SameAs | KeepApart]:
    """Return the corrections of identities that hold only under a title."""
    matched: list[SameAs | KeepApart] = [*declared.same_as, *declared.keep_apart]
    return [one for one in matched if one.title is not None]


def _all(corrections: Corrections) -> Iterable[Guarded | Override]:
    yield from corrections.same_as
    yield from corrections.keep_apart
    yield from corrections.override
    yield from corrections.drop


def _kind(correction: Guarded | Override) -> str:
    names = {SameAs: "same_as", KeepApart: "keep_apart", Override: "override", Drop: "drop"}
    return names[type(correction)]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
