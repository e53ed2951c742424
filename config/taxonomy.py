"""The taxonomy file, read and checked for its shape; what it means is checked where it is built."""

import os
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from config.settings import ConfigError, read_declared

SHIPPED: Final = files("config") / "topics.yaml"

_Text = Annotated[str, StringConstraints(strict=True, pattern=r"\S")]
_Spellings = Annotated[list[Annotated[str, Field(strict=True)]], Field(strict=True)]
_MOST_DEPTH: Final = 20
"""Of values in values; a topic has its spellings three below the file."""
_UNKNOWN_KEY = ("extra_forbidden", "invalid_key")


class AreaConfig(BaseModel):
    """The coarsest level; see the head of topics.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: _Text
    name: _Text


class FieldConfig(AreaConfig):
    """A field of an area."""

    parent: _Text


class TopicConfig(FieldConfig):
    """A topic of a field, and the spellings that name it."""

    aliases: _Spellings = []
    acronyms: _Spellings = []
    in_title: _Spellings = []
    weak: _Spellings = []
    requires: _Spellings = []
    excludes: Annotated[_Spellings, Field(alias="not")] = []
    level: Literal["topic", "general"] = "topic"
    status: Literal["active", "retired"] = "active"
    replaced_by: _Text | None = None
    examples: list[_Text] = []
    counter_examples: list[_Text] = []


class TopicsConfig(BaseModel):
    """Everything that topics.yaml declares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: _Text
    areas: Annotated[list[AreaConfig], Field(strict=True)]
    fields: Annotated[list[FieldConfig], Field(strict=True)]
    topics: Annotated[list[TopicConfig], Field(strict=True)]


_LEVELS: dict[str, tuple[str, type[BaseModel]]] = {
    "areas": ("area", AreaConfig),
    "fields": ("field", FieldConfig),
    "topics": ("topic", TopicConfig),
}
"""The sections of the file: what one of their entries is called, and its model."""


def read_taxonomy(overlay: Path | None) -> TopicsConfig:
    """Return what topics.yaml of the overlay folder declares, else the shipped one.

    Raises:
        ConfigError: it is no YAML, or a value is missing or of the wrong type; the message names
            file, topic and field.
    """
    laid_over = overlay / "topics.yaml" if overlay else None
    is_laid_over = laid_over is not None and os.path.lexists(laid_over)
    return read_taxonomy_file(laid_over if laid_over and is_laid_over else SHIPPED)


def read_taxonomy_file(path: Path | Traversable) -> TopicsConfig:
    """Return what a file in the form of topics.yaml declares.

    Raises:
        ConfigError: as `read_taxonomy`.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = read_declared(path)
        if path is not SHIPPED:
            _refuse_bombs(text, loader)
        document = yaml.load(text, Loader=loader)  # noqa: S506 - safe
        if not isinstance(document, dict):
            raise ConfigError("it is not a mapping")
        return check_topics(document)
    except (ValueError, yaml.YAMLError) as error:
        told = str(error).removeprefix(f"{path}: ")
        raise ConfigError(f"{path}: {told}") from error


def _refuse_bombs(text: str, loader: Any) -> None:
    """Refuse what a few bytes of YAML can grow to: aliases of aliases, and nesting without end.

    Raises:
        ConfigError: with the line.
    """
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise ConfigError(f"line {line}: aliases (*name) are not taken: write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MOST_DEPTH:
            raise ConfigError(f"line {line}: it is nested too deeply")


def check_topics(document: dict[str, Any]) -> TopicsConfig:
    """Return what a document in the form of topics.yaml declares.

    Raises:
        ConfigError: a value is missing or of the wrong type; the message names topic and field.
    """
    try:
        return TopicsConfig.model_validate(document)
    except ValidationError as error:
        raise ConfigError(_explain(_first(error.errors()), document)) from error


def _first(findings: list[ErrorDetails]) -> ErrorDetails:
    """Return the first finding; where it may come of a misspelt key beside it, that key."""
    first = findings[0]
    beside = (found for found in findings if found["loc"][:-1] == first["loc"][:-1])
    return next((found for found in beside if found["type"] in _UNKNOWN_KEY), first)


def _explain(found: ErrorDetails, document: dict[str, Any]) -> str:
    """Return a finding as a sentence: where it is, and what is wrong there."""
    loc, given = found["loc"], found["input"]
    is_within = loc[0] in _LEVELS and len(loc) > 1
    where = _name_entry(document, loc) if is_within else "taxonomy"
    field = loc[2] if len(loc) > 2 else loc[0]
    if found["type"] in _UNKNOWN_KEY:
        model = _LEVELS[str(loc[0])][1] if is_within else TopicsConfig
        return f"{where}: unknown key {str(loc[-1])!r} (known: {_keys_of(model)})"
    if found["type"] == "model_type":
        return f"{where}: must be a mapping, not {given!r}"
    if found["type"] == "list_type":
        return f"{where}: {field!r} must be a list, not {given!r}"
    if len(loc) > 3:
        return f"{where}: {field!r} must hold text, not {given!r}"
    if found["type"] == "missing" or given is None:
        return f"{where}: {field!r} is missing"
    if found["type"] == "literal_error":
        return f"{where}: {field!r} must be {found['ctx']['expected']}, not {given!r}"
    if isinstance(given, str):
        return f"{where}: {field!r} is empty"
    return f"{where}: {field!r} must be text, not {given!r}"


def _keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys that an entry may have, as the file writes them."""
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _name_entry(document: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """Return an entry's level and id; where it has none that can be read, its place, from 1 on."""
    section, position = str(loc[0]), int(loc[1])
    entry = document[section][position]
    entry_id = entry.get("id") if isinstance(entry, dict) else None
    if isinstance(entry_id, str) and entry_id.strip():
        return f"{_LEVELS[section][0]} {entry_id!r}"
    return f"{section} entry {position + 1}"
