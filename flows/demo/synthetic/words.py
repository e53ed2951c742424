"""The words of the synthetic papers, read from words.yaml."""

from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Subject(_Frozen):
    """A subject of papers. ``topic_id`` is the topic of config/topics.yaml that it should meet."""

    topic_id: str
    phrases: tuple[str, ...]
    """Names of the subject; every paper on it has one in the title and several in the abstract."""
    things: tuple[str, ...]
    """What such papers work on, in the plural."""
    settings: tuple[str, ...]
    """Where such papers are tried; each fits behind ``in``."""


class Subjects(_Frozen):
    """Subjects that burst in the sample, and those that stay as they are."""

    bursts: tuple[Subject, ...]
    steady: tuple[Subject, ...]


class NameParts(_Frozen):
    """Parts of invented names of methods and test suites."""

    starts: tuple[str, ...]
    middles: tuple[str, ...]
    ends: tuple[str, ...]
    suites: tuple[str, ...]


class People(_Frozen):
    """Parts of the names of people and institutions."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[str, ...]
    kinds: tuple[str, ...]


class Sentences(_Frozen):
    """Templates by their place in a paper; a word in braces is a slot to be filled."""

    titles: tuple[str, ...]
    context: tuple[str, ...]
    gap: tuple[str, ...]
    proposal: tuple[str, ...]
    mechanism: tuple[str, ...]
    theory: tuple[str, ...]
    experiment: tuple[str, ...]
    result: tuple[str, ...]
    ablation: tuple[str, ...]
    closing: tuple[str, ...]
    crossing: tuple[str, ...]
    ai_summary: tuple[str, ...]


class Words(_Frozen):
    """All of them; ``words`` are the choices of each slot."""

    words: dict[str, tuple[str, ...]]
    invented: NameParts
    people: People
    subjects: Subjects
    sentences: Sentences


def _read() -> Words:
    text = (files("flows.demo.synthetic") / "words.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Words.model_validate(yaml.load(text, loader))  # noqa: S506 - a safe loader


WORDS = _read()
