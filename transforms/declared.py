"""What people declare, as the transforms take it: the models of ``config`` have these shapes."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class DeclaredTable(Protocol):
    """The tables of a feed; the head of ``transforms.parse.formats.table`` says what each means."""

    @property
    def columns(self) -> Mapping[str, str | Sequence[str]]:
        """By field of an entry: the column that holds it, or several, of which one is filled."""

    @property
    def separator(self) -> str | None:
        """Between names and keywords."""

    @property
    def delimiter(self) -> str | None:
        """Of a CSV."""

    @property
    def rows(self) -> str | None:
        """Where a JSON document keeps its rows."""

    @property
    def date_format(self) -> str | None:
        """Of dates that are not ISO 8601 or RFC 822."""

    @property
    def decimal(self) -> str | None:
        """What stands before the fraction of a number, where it is no point."""

    @property
    def thousands(self) -> str | None:
        """What parts the thousands of a number, where it is no comma."""


class DeclaredArea(Protocol):
    """An area as it is declared: the coarsest level."""

    @property
    def id(self) -> str:
        """Unique among areas, fields and topics."""

    @property
    def name(self) -> str:
        """As people read it."""


class DeclaredField(DeclaredArea, Protocol):
    """A field as it is declared."""

    @property
    def parent(self) -> str:
        """The area of a field, the field of a topic."""


class DeclaredTopic(DeclaredField, Protocol):
    """A topic as it is declared, with the spellings that name it."""

    @property
    def aliases(self) -> Sequence[str]:
        """Found in any case."""

    @property
    def acronyms(self) -> Sequence[str]:
        """Found in exactly this case."""

    @property
    def in_title(self) -> Sequence[str]:
        """Name the topic in a title; elsewhere no more than ``weak``."""

    @property
    def weak(self) -> Sequence[str]:
        """Words that fit the topic and others as well."""

    @property
    def requires(self) -> Sequence[str]:
        """Without one of these in the paper, no spelling counts."""

    @property
    def excludes(self) -> Sequence[str]:
        """A spelling inside one of these does not count."""

    @property
    def level(self) -> str:
        """``topic``, or ``general``: assigned, and of no trend."""

    @property
    def status(self) -> str:
        """``active``, or ``retired``: no more assigned."""

    @property
    def replaced_by(self) -> str | None:
        """The topic to which the spellings of a retired one lead."""

    @property
    def examples(self) -> Sequence[str]:
        """Papers that have the topic."""

    @property
    def counter_examples(self) -> Sequence[str]:
        """Papers that do not."""


class DeclaredTopics(Protocol):
    """What topics.yaml declares; ``config.taxonomy`` reads it."""

    @property
    def version(self) -> str:
        """Changed whenever the content changes."""

    @property
    def areas(self) -> Sequence[DeclaredArea]:
        """The coarsest level."""

    @property
    def fields(self) -> Sequence[DeclaredField]:
        """Each of an area."""

    @property
    def topics(self) -> Sequence[DeclaredTopic]:
        """Each of a field; only these are assigned to papers."""
