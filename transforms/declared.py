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
    def weak(self) -> Sequence[str]:
        """Words that fit the topic and others as well."""


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
