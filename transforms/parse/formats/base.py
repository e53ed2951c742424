"""What a format is: how its documents are known and read, and the feed that they are of.

A format is one module that ends with ``FORMAT = Format(...)``, and one line in ``registry``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from transforms.parse.entry import Context, Parsed
from transforms.parse.readers.markup import Reply
from transforms.parse.readers.tables import Declared

Source = TypeVar("Source")
Document = TypeVar("Document")
Document_co = TypeVar("Document_co", covariant=True)


@dataclass(frozen=True)
class Found(Generic[Document_co]):
    """A document of a format, decoded for its parser."""

    document: Document_co
    feed_id: str | None = None
    """The feed that the body itself says it is of: a ranking, not a day's list."""


@dataclass(frozen=True)
class Format(Generic[Document]):
    """One capture format. Every ``from_`` says of one kind of body whether it is of this format.

    It returns the document for the parser, or None where the body is of another format. One that
    is of this format and cannot be used raises UnknownFormatError with the reason.
    """

    name: str
    parser_version: str
    """Stored with each capture: raise it with any change of what the parser reads."""
    feed_id: str
    """The feed of a capture where nobody says which; empty where somebody always does."""
    parse: Callable[[Document, Context], Parsed]
    dated_feed_id: str | None = None
    """The feed of a capture where nobody says which, but its date is stated."""

    from_usual_json: Callable[[bytes], Found[Document] | None] | None = None
    """Of the bytes of JSON, before it is decoded: a faster way for the usual body."""
    from_json: Callable[[Any], Found[Document] | None] | None = None
    from_json_lines: Callable[[bytes], Found[Document] | None] | None = None
    from_xml: Callable[[Reply], Found[Document] | None] | None = None
    from_html: Callable[[str], Found[Document] | None] | None = None
    from_text: Callable[[str], Found[Document] | None] | None = None
    from_table: Callable[[bytes, Declared], Found[Document] | None] | None = None
    """Of a body of any kind, and what a feed declares of its tables."""

    html_marks: tuple[bytes, ...] = ()
    """What shows markup to be a piece of an HTML page, where it has no head."""
    yields_lines: bool = False
    """Whether lines that another format knows too are of that one."""


def where(fits: Callable[[Source], bool]) -> Callable[[Source], Found[Source] | None]:
    """Return how a body is known by a test; the parser reads the body as it is."""

    def find(source: Source) -> Found[Source] | None:
        return Found(source) if fits(source) else None

    return find
