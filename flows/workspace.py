"""One home, opened: its settings, feeds and taxonomy, its landing and its journal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from config.corrections import Corrections, load_corrections
from config.feeds import Feed, feeds_digest, load_feeds
from config.settings import ConfigError, Settings, load_settings
from config.taxonomy import read_taxonomy
from config.watch import WatchEntry, load_watch
from flows.clock import now
from transforms.calendar import Calendar
from warehouse.connection import Limits
from warehouse.home_marker import (
    find_foreign,
    is_home,
    mark,
    refuse_grown_journal,
    refuse_links_into_other_homes,
    refuse_pipes,
)
from warehouse.journal import Journal
from warehouse.landing import Landing
from warehouse.pack_proof import Manifest

if TYPE_CHECKING:
    from transforms.parse.readers.tables import Declared
    from transforms.taxonomy import Taxonomy


@dataclass
class Workspace:
    """What every verb that writes needs."""

    settings: Settings
    feeds: dict[str, Feed]
    landing: Landing
    journal: Journal
    now: Callable[[], datetime] = now
    """The clock by which looks are due and taken, naive UTC."""
    _taxonomy: "Taxonomy | None" = field(default=None, repr=False)

    @classmethod
    def open(cls, home: Path | None = None) -> "Workspace":
        """Read the configuration and name the folders; nothing is made yet.

        Raises:
            ConfigError: the configuration cannot be used.
            DamagedError: a pipe or a device stands for a file of the home, a file of the journal is
                larger than any memory, or a part of the home is a link into another one.
        """
        settings = load_settings(home)
        refuse_pipes(settings.home.folder)
        refuse_links_into_other_homes(settings.home.folder)
        refuse_grown_journal(settings.home.folder)
        journal = Journal(settings.home.journal)
        return cls(
            settings,
            load_feeds(settings.overlay),
            Landing(settings.home.landing, Manifest(journal)),
            journal,
        )

    def begin_home(self) -> None:
        """Mark the folder as a home, if it is none yet."""
        mark(self.settings.home.folder)

    def expect_home(self) -> None:
        """Refuse a folder that is no home yet, as a disk that is not mounted looks.

        Raises:
            ConfigError: nothing was begun there.
        """
        folder = self.settings.home.folder
        if not is_home(folder):
            raise ConfigError(
                f"there is no home in {folder}: is its disk mounted, and its name right?"
            )

    def refuse_foreign_folder(self) -> None:
        """Refuse a folder that is no home.

        Raises:
            ConfigError: it holds files that are not of a home.
        """
        folder = self.settings.home.folder
        foreign = find_foreign(folder)
        if foreign:
            shown = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
            raise ConfigError(
                f"{folder} is no home of paperstrata and holds other files ({shown}): name an"
                " empty folder, or one that is not there yet"
            )

    def open_landing(self, *, is_deep: bool) -> Landing:
        """Return the landing, of which with ``is_deep`` every pack is hashed anew."""
        return Landing(self.settings.home.landing, Manifest(self.journal), is_deep=is_deep)

    @cached_property
    def tables(self) -> "dict[str, Declared]":
        """The tables that feeds declare, by feed.

        Raises:
            ConfigError: a declaration names a field that there is none of.
        """
        from transforms.errors import TableError
        from transforms.parse.readers.tables import declare

        declared = {}
        for feed_id, feed in self.feeds.items():
            if feed.table:
                try:
                    declared[feed_id] = declare(feed.table)
                except TableError as error:
                    raise ConfigError(f"feeds.toml: feed {feed_id!r}: table: {error}") from error
        return declared

    @cached_property
    def taxonomy(self) -> "Taxonomy":
        """The taxonomy, built once."""
        from transforms.taxonomy import build_taxonomy

        return build_taxonomy(read_taxonomy(self.settings.overlay))

    @cached_property
    def corrections(self) -> Corrections:
        """What corrections.toml declares.

        Raises:
            ConfigError: a correction is wrong, or limited to a feed that there is none of.
        """
        corrections = load_corrections(self.settings.overlay)
        for drop in corrections.drop:
            if drop.feed is not None and drop.feed not in self.feeds:
                raise ConfigError(f"corrections.toml: drop {drop.paper}: no feed {drop.feed!r}")
        return corrections

    @cached_property
    def watch(self) -> tuple[WatchEntry, ...]:
        """The watch-lists of watch.toml.

        Raises:
            ConfigError: one is wrong, or names a topic that there is none of.
        """
        overlay = self.settings.overlay
        return load_watch(overlay, lambda: read_taxonomy(overlay))

    @cached_property
    def topics_digest(self) -> str:
        """A digest of the taxonomy and of the rules by which topics and terms are found."""
        from transforms.topics import RULES_VERSION, TERMS_VERSION

        return f"{self.taxonomy.digest}/{RULES_VERSION}/{TERMS_VERSION}"

    @cached_property
    def config_digest(self) -> str:
        """A digest of everything declared about feeds, and of the corrections."""
        return f"{feeds_digest(self.feeds)}/{self.corrections.digest}"

    @property
    def configuration(self) -> tuple[str, str]:
        """The digests of the configuration and of the taxonomy, as mart.about holds them."""
        return self.config_digest, self.topics_digest

    @property
    def too_slow(self) -> str:
        """The reason of a capture that landed and takes too long to read: it names the limit, so
        that one that is published with it is read again where there is another one.
        """
        return (
            f"too_slow: it takes more than {self.settings.capture_seconds:g} seconds of processor"
            " time to read (another capture_seconds in settings.toml, or `captures release`, tries"
            " it again)"
        )

    @property
    def limits(self) -> Limits:
        """What DuckDB may use."""
        return Limits(self.settings.duckdb_memory, self.settings.duckdb_threads)

    def calendar(self, feed_id: str) -> Calendar | None:
        """Return the calendar of a feed; None for one without."""
        feed = self.feeds.get(feed_id)
        if feed is None or feed.calendar is None:
            return None
        declared = feed.calendar
        return Calendar(
            feed_id,
            declared.time_zone,
            frozenset(declared.weekdays),
            frozenset(declared.holidays),
            declared.cutoff_hours,
            declared.deadline_hours,
            feed.looks_on_closed_days,
        )

    def declared_drops(self) -> list[tuple[str, str | None, str | None, str]]:
        """Return the declared drops: paper_id, feed_id, title and reason of each."""
        return [(one.paper, one.feed, one.title, one.reason) for one in self.corrections.drop]

    def feed_rows(self) -> pl.DataFrame:
        """Return the rows of core.feed."""
        return pl.DataFrame(
            [
                (
                    feed.feed_id,
                    feed.name,
                    feed.kind,
                    feed.family,
                    feed.source_rank,
                    feed.page_limit,
                    feed.calendar.time_zone if feed.calendar else None,
                    feed.counts_cross,
                )
                for _, feed in sorted(self.feeds.items())
            ],
            schema={
                "feed_id": pl.String,
                "name": pl.String,
                "kind": pl.String,
                "family": pl.String,
                "source_rank": pl.Int32,
                "page_limit": pl.Int32,
                "time_zone": pl.String,
                "counts_cross": pl.Boolean,
            },
            orient="row",
        )
