"""The declared feeds: what kind each is, when it publishes, whose text ranks higher."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from config.settings import ConfigError, Count, Days, first_error, read_toml

_WHOLE_DAYS = "whole days"
Kind = Literal["daily_list", "search", "trending", "harvest"]


class CalendarConfig(BaseModel):
    """When a daily list is published; see the head of feeds.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_zone: str
    weekdays: list[Annotated[int, Field(ge=1, le=7)]]
    holidays: list[date] = []
    cutoff_hours: int = Field(ge=0, le=24 * 30)
    deadline_hours: int = Field(ge=0, le=24 * 90)

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            # an area of zones, such as Europe, is a folder
            raise ValueError(f"no time zone is called {name!r}") from error
        return name


class Inbox(BaseModel):
    """A folder below the home folder that ``daily`` reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str = Field(pattern=r"^[^\x00]*$")
    layout: str | None = None


class TableConfig(BaseModel):
    """The tables of a feed; see the head of transforms/parse/formats/table.py."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, str | list[str]]
    separator: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    rows: str | None = None
    date_format: str | None = None
    decimal: str | None = Field(default=None, min_length=1, max_length=1)
    thousands: str | None = Field(default=None, min_length=1, max_length=1)


class Feed(BaseModel):
    """One declared feed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feed_id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)
    name: str
    kind: Kind
    family: str
    source_rank: int = Field(ge=-(2**31), lt=2**31)
    id_scheme: Literal["arxiv", "arxiv-optional", "none"]
    page_limit: Count | None = Field(default=None, gt=0)
    counts_cross: bool = True
    """Whether a cross-list of arXiv is a paper of the day; a replacement never is."""
    calendar: CalendarConfig | None = None
    inbox: list[Inbox] = []
    table: TableConfig | None = None
    rows: Literal["whole days"] | None = None
    """Of captures whose rows state their days: they show all of each day. None: a part, maybe."""
    newest_within_days: Days | None = Field(default=None, gt=0)
    """How long before a list the newest of its papers is published at most, where nothing else
    tells the list's day. None: papers may be of any age."""
    link_hosts: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]] = []
    """Sites, beside arXiv and Hugging Face, whose links end in the arXiv id of the paper."""
    source: str | None = None
    """How we fetch it ourselves; see flows/sources/registry.py. None: we never do."""
    options: dict[str, str] = {}
    daily: bool = False
    """Whether ``daily`` fetches it by itself; ``fetch`` and ``backfill`` always can."""
    looks_on_closed_days: bool = False
    """Whether ``daily`` and ``backfill`` also look on days on which no list is expected."""
    reobserve_days: list[Annotated[int, Field(ge=1, le=26)]] = []
    """``daily`` looks back four weeks, so a later re-observation would never be due."""

    @model_validator(mode="before")
    @classmethod
    def _takes_rows_of_table(cls, declared: Any) -> Any:
        """Take ``rows = "whole days"`` for the feed's own, where it stands below [feed.table]."""
        table = declared.get("table")
        if isinstance(table, dict) and table.get("rows") == _WHOLE_DAYS:
            others = {name: value for name, value in table.items() if name != "rows"}
            return {**declared, "table": others, "rows": _WHOLE_DAYS}
        return declared

    @model_validator(mode="after")
    def _can_be_fetched(self) -> "Feed":
        if self.daily and not self.source:
            raise ValueError("daily = true, but no source says how to look at it")
        return self

    @property
    def rules_digest(self) -> str:
        """Digest of everything declared here by which captures and entries are checked."""
        named = {"kind", "id_scheme", "page_limit", "table", "rows"}
        rules = self.model_dump(include=named, mode="json")
        if self.link_hosts:
            rules["link_hosts"] = sorted(self.link_hosts)
        if self.newest_within_days:
            rules["newest_within_days"] = self.newest_within_days
        return _digest(rules)


def load_feeds(overlay: Path | None) -> dict[str, Feed]:
    """Return the declared feeds by id, those of the overlay folder laid over the shipped ones.

    Raises:
        ConfigError: a declaration is wrong; the message names feed and field.
    """
    declared: dict[str, dict[str, Any]] = {}
    for place in (None, overlay) if overlay else (None,):
        written = read_toml("feeds.toml", place)
        if unknown := sorted(written.keys() - {"feed"}):
            raise ConfigError(
                f"feeds.toml: {unknown[0]}: not known; every feed begins with [[feed]]"
            )
        listed = written.get("feed", [])
        if not isinstance(listed, list) or not all(isinstance(feed, dict) for feed in listed):
            raise ConfigError("feeds.toml: feed: every feed begins with [[feed]]")
        for feed in listed:
            feed_id = str(feed.get("feed_id"))
            declared[feed_id] = {**declared.get(feed_id, {}), **feed}
    return {feed_id: _check(feed_id, feed) for feed_id, feed in declared.items()}


def feeds_digest(feeds: Mapping[str, Feed]) -> str:
    """Return a digest of everything declared: another one derives the ledger anew."""
    return _digest([feed.model_dump(mode="json") for _, feed in sorted(feeds.items())])


def _check(feed_id: str, feed: dict[str, Any]) -> Feed:
    try:
        return Feed(**feed)
    except ValidationError as error:
        raise ConfigError(f"feeds.toml: feed {feed_id!r}: {first_error(error)}") from error


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
