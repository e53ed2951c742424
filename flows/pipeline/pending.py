"""What is still to be loaded: captures that the published warehouse holds otherwise, or not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import polars as pl

from config.feeds import Feed
from flows.workspace import Workspace
from transforms.parse.recognise import FORMATS
from transforms.schemas import SCHEMA_VERSION
from transforms.text import TEXT_VERSION, hash_parts
from warehouse.publication import Publication, ReadAs

Decision = Mapping[str, Any]
"""The decision in force for one capture: a row of the landing."""


@dataclass(frozen=True)
class ReadingRules:
    """Everything that says how a capture is read, beside its own bytes and its parser."""

    feeds: Mapping[str, Feed]
    decisions: Mapping[str, Decision]
    """By capture_id."""
    landed_at: Mapping[str, datetime]
    """When each capture was first given to us, naive UTC, as far as that is on record."""
    now: datetime

    @classmethod
    def of(cls, workspace: Workspace) -> "ReadingRules":
        """Return the rules of today: declared feeds, and the decisions in the landing."""
        decisions = workspace.landing.decisions().iter_rows(named=True)
        return cls(
            workspace.feeds,
            {row["capture_id"]: row for row in decisions},
            workspace.landing.first_seen(),
            workspace.now(),
        )

    def digest(self, capture_id: str, feed_id: str) -> str:
        """Return a digest of the rules that apply to one capture."""
        declared, decision = self._declared.get(feed_id), self.decisions.get(capture_id)
        if decision is None:
            return self._undecided.get(feed_id) or _digest(None)
        return _digest(declared, str(sorted(decision.items())))

    @cached_property
    def _declared(self) -> dict[str, str]:
        return {feed_id: feed.rules_digest for feed_id, feed in self.feeds.items()}

    @cached_property
    def _undecided(self) -> dict[str, str]:
        """Digests by feed: the same for all captures that nobody decided about."""
        return {feed_id: _digest(declared) for feed_id, declared in self._declared.items()}

    def read_as(self, capture_id: str, format_: str, feed_id: str) -> ReadAs:
        """Return how one capture is read today."""
        return ReadAs(FORMATS[format_].parser_version, self.digest(capture_id, feed_id))


def _digest(declared: str | None, decided: str | None = None) -> str:
    return hash_parts(TEXT_VERSION, SCHEMA_VERSION, declared, decided)[:16]


def is_loaded_as_read_today(
    publication: Publication, rules: ReadingRules, capture_id: str, format_: str, feed_id: str
) -> bool:
    """Tell whether a capture is published as today's parser, rules and corrections read it."""
    is_same = publication.loaded.get(capture_id) == rules.read_as(capture_id, format_, feed_id)
    return is_same and capture_id not in publication.changed_by_drops


def find_pending(
    captures: pl.DataFrame,
    publication: Publication,
    rules: ReadingRules,
    leave_out: Collection[str] = (),
) -> pl.DataFrame:
    """Return the landed captures that are not published as they would be read today."""
    left_out = frozenset(leave_out)
    is_pending = [
        capture_id not in left_out
        and not is_loaded_as_read_today(publication, rules, capture_id, format_, feed_id)
        for capture_id, format_, feed_id in captures.select(
            "capture_id", "format", "feed_id"
        ).iter_rows()
    ]
    return captures.filter(pl.Series(is_pending, dtype=pl.Boolean))


def count_read_anew(captures: pl.DataFrame, publication: Publication, rules: ReadingRules) -> int:
    """Return how many landed captures are published as another parser or other rules read them.

    Those that a person decided about are left out: their decision may be all that is new.
    """
    return sum(
        capture_id in publication.loaded
        and capture_id not in rules.decisions
        and publication.loaded[capture_id] != rules.read_as(capture_id, format_, feed_id)
        for capture_id, format_, feed_id in captures.select(
            "capture_id", "format", "feed_id"
        ).iter_rows()
    )
