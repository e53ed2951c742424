"""Corrections: what a person knows better than the sources and the rules of matching."""

import hashlib
import json
from collections.abc import Hashable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import model_validator as validator

from config.settings import ConfigError, first_error, read_toml

PaperId = Annotated[
    str, StringConstraints(pattern=r"^(arxiv:([a-z.-]+/)?[\d.]+|doi:\S+|title:[0-9a-f]{20})$")
]
"""An id as core.paper_alias has it; an arXiv id without its version."""
OverriddenField = Literal[
    "title", "published_date", "organisation", "submitter", "github_url", "project_url"
]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Correction(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    paper: PaperId
    reason: _Text
    title: _Text | None = None
    """The guard: only while an entry of the paper bears this title."""


class SameAs(_Correction):
    """Every entry with the id ``paper`` is of the paper ``other``, which has an id of its own: who
    is known by a title alone may be joined to others by the rules of matching.
    """

    other: PaperId = Field(alias="is")

    @validator(mode="after")
    def _leads_to_an_id(self) -> "SameAs":
        if _is_title(self.other):
            raise ValueError(
                f"is = {self.other}: it takes an id (arxiv:, doi:), not that of a title"
            )
        return self


class KeepApart(_Correction):
    """No rule of matching joins the entries of ``paper`` to ``other``."""

    other: PaperId = Field(alias="from")

    @validator(mode="after")
    def _is_of_a_title_and_an_id(self) -> "KeepApart":
        if _is_title(self.paper) == _is_title(self.other):
            raise ValueError(
                f"{self.paper} and {self.other}: the rules only ever join a title: id to another id"
            )
        return self


class Drop(_Correction):
    """Entries with the id ``paper`` are rejected: in one feed, or in all. Entries that were joined
    to it by their title have ids of their own (core.paper_alias).
    """

    feed: str | None = None


class Override(_Correction):
    """A field of a paper is ``value``, only while the sources make it ``was``; absent is null."""

    field: OverriddenField
    was: _Text | date | None = None
    value: _Text | date

    @validator(mode="after")
    def _is_of_its_field(self) -> "Override":
        if self.title is not None:
            raise ValueError("was is the guard of an override, not title")
        for given in (self.was, self.value):
            if given is not None and isinstance(given, date) != (self.field == "published_date"):
                kind = "a date" if self.field == "published_date" else "text"
                raise ValueError(f"{self.field} takes {kind}, not {given!r}")
        return self


class Corrections(BaseModel):
    """Everything that corrections.toml declares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    same_as: tuple[SameAs, ...] = ()
    keep_apart: tuple[KeepApart, ...] = ()
    override: tuple[Override, ...] = ()
    drop: tuple[Drop, ...] = ()

    @property
    def digest(self) -> str:
        """A digest of everything declared: another one derives all anew."""
        declared = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(declared.encode()).hexdigest()[:16]

    @validator(mode="after")
    def _is_consistent(self) -> "Corrections":
        _refuse_repetition("same_as", [one.paper for one in self.same_as])
        _refuse_repetition("override", [(one.paper, one.field) for one in self.override])
        _refuse_repetition("drop", [(one.paper, one.feed) for one in self.drop])
        _refuse_repetition("keep_apart", [(one.paper, one.other) for one in self.keep_apart])
        joined = {paper for pair in self.same_as for paper in (pair.paper, pair.other)}
        for dropped in {drop.paper for drop in self.drop} & joined:
            raise ValueError(f"drop: {dropped} is in a same_as too: which is meant?")
        ends = _find_ends({one.paper: one.other for one in self.same_as})
        for one in self.keep_apart:
            if ends.get(one.paper, one.paper) == ends.get(one.other, one.other):
                raise ValueError(f"keep_apart: {one.paper} and {one.other} are the same by same_as")
        return self


def load_corrections(overlay: Path | None) -> Corrections:
    """Return the shipped corrections and those of the overlay folder, one after the other.

    Raises:
        ConfigError: a correction is wrong, or two of them contradict each other.
    """
    declared: dict[str, Any] = {}
    for place in (None, overlay) if overlay else (None,):
        for kind, listed in read_toml("corrections.toml", place).items():
            if not isinstance(listed, list):
                raise ConfigError(f"corrections.toml: {kind}: every one begins with [[{kind}]]")
            declared[kind] = declared.get(kind, []) + listed
    try:
        return Corrections(**declared)
    except ValidationError as error:
        message = first_error(error).removeprefix(": ").replace("Value error, ", "")
        raise ConfigError(f"corrections.toml: {message} (counted from 0)") from error


def _is_title(paper: str) -> bool:
    return paper.startswith("title:")


def _refuse_repetition(kind: str, keys: Sequence[Hashable]) -> None:
    seen = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{kind}: {key} is corrected twice")
        seen.add(key)


def _find_ends(to: dict[str, str]) -> dict[str, str]:
    """Return the end of the way from each paper; each step is taken once."""
    ends: dict[str, str] = {}
    for paper in to:
        way, at = dict[str, None](), paper
        while at in to and at not in ends:
            if at in way:
                raise ValueError(f"same_as: {' is '.join([*way, at])}, in a circle")
            way[at] = None
            at = to[at]
        ends |= dict.fromkeys(way, ends.get(at, at))
    return ends
