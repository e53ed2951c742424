"""The watch-lists: topics, phrases and authors that somebody wants to be told of."""

import os
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from config.settings import ConfigError, read_toml
from config.taxonomy import TopicsConfig

_Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, pattern=r"\w")]
_NEAR = 3


class WatchEntry(BaseModel):
    """One watch-list: a paper is on it if one of the topics, phrases or authors is its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[
        str, StringConstraints(strict=True, pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)
    ]
    name: _Text
    topics: tuple[_Text, ...] = ()
    """Ids of topics; in the file names will do as well."""
    phrases: tuple[_Text, ...] = ()
    authors: tuple[_Text, ...] = ()


class _WatchFile(BaseModel):
    """Everything that watch.toml declares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    watch: Annotated[list[dict[str, Any]], Field(default_factory=list)]


def load_watch(
    overlay: Path | None, read_topics: Callable[[], TopicsConfig]
) -> tuple[WatchEntry, ...]:
    """Return the watch-lists of the overlay folder, else the shipped ones; topics are ids then.

    ``read_topics`` is called only where a watch-list names topics, for the taxonomy is long.

    Raises:
        ConfigError: an entry is wrong, or names a topic that there is none of; the message names
            the entry and the field, and topics with names like it.
    """
    place = overlay if overlay and os.path.lexists(overlay / "watch.toml") else None
    try:
        declared = _WatchFile(**read_toml("watch.toml", place)).watch
    except ValidationError as error:
        raise ConfigError("watch.toml: every watch-list begins with [[watch]]") from error
    entries = [_check(position, entry) for position, entry in enumerate(declared, start=1)]
    ids = [entry.id for entry in entries]
    for entry_id in ids:
        if ids.count(entry_id) > 1:
            raise ConfigError(f"watch.toml: the id {entry_id!r} is given to two watch-lists")
    if not any(entry.topics for entry in entries):
        return tuple(entries)
    taxonomy = read_topics()
    return tuple(_find_topics(entry, taxonomy) for entry in entries)


def _check(position: int, declared: Mapping[str, Any]) -> WatchEntry:
    given = declared.get("id")
    where = f"watch.toml: watch {given!r}" if given else f"watch.toml: entry {position}"
    try:
        entry = WatchEntry(**declared)
    except ValidationError as error:
        finding = error.errors()[0]
        field = ".".join(map(str, finding["loc"]))
        raise ConfigError(f"{where}: {field}: {finding['msg']}") from error
    if not (entry.topics or entry.phrases or entry.authors):
        raise ConfigError(f"{where}: it has neither topics nor phrases nor authors")
    return entry


def _find_topics(entry: WatchEntry, taxonomy: TopicsConfig) -> WatchEntry:
    """Return a watch-list with the ids of its topics, which it may name by id or name."""
    where = f"watch.toml: watch {entry.id!r}"
    topics = tuple(_find_topic(where, asked, taxonomy) for asked in entry.topics)
    return entry.model_copy(update={"topics": topics})


def _find_topic(where: str, asked: str, taxonomy: TopicsConfig) -> str:
    retired = {
        topic.id: topic.replaced_by for topic in taxonomy.topics if topic.status == "retired"
    }
    if asked in retired:
        raise ConfigError(
            f"{where}: topics: {asked!r} is retired; its papers have {retired[asked]!r}"
            if retired[asked]
            else f"{where}: topics: {asked!r} is retired"
        )
    ids = {topic.id: topic.id for topic in taxonomy.topics if topic.id not in retired}
    names = {topic.name.lower(): topic.id for topic in taxonomy.topics if topic.id not in retired}
    found = ids.get(asked) or names.get(asked.lower())
    if found is None:
        near = get_close_matches(asked.lower(), [*ids, *names], n=_NEAR, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ConfigError(f"{where}: topics: there is no topic {asked!r}{hint}")
    return found
