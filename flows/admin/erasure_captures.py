"""Captures without names: which hold one, and whether what is left is still the same list."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from flows.pipeline.capture import parse, read_format, reading_context
from flows.workspace import Workspace
from transforms.errors import UnknownFormatError, UnreadableError
from transforms.parse.entry import Entry, Parsed
from transforms.redact.bodies import ErasedText, erase_body
from transforms.redact.names import Names
from transforms.redact.records import erase_facts

_OTHER_SPELLING = (
    "it holds the name in another form: give that too, such as 'Doe, Jane' (the keys of JSON stay)"
)
_TITLE = Entry._fields.index("title")
_AFTER_AUTHORS = Entry._fields.index("authors") + 1


class FoundCapture(NamedTuple):
    """One capture that holds a name: what is to be replaced in it, and what cannot be."""

    capture: dict[str, Any]
    occurrences: int
    replaced: dict[str, Any]
    remaining: str | None

    @property
    def erased_blob_id(self) -> str:
        """The hash of the bytes that the capture is to have."""
        body: bytes = self.replaced.get("body", self.capture["body"])
        return hashlib.sha256(body).hexdigest()


def find_captures_with(
    pack: pl.DataFrame, names: Names, workspace: Workspace
) -> Iterator[FoundCapture]:
    """Yield those captures of a pack that hold a name in their body or in what was asked for."""
    for capture in pack.iter_rows(named=True):
        asked, count = erase_facts(capture, names)
        replaced, remaining = asked if count else {}, None
        try:
            erased = erase_body(capture["body"], names)
        except UnreadableError as error:
            if _is_in_entries(_parse(capture["body"], capture, workspace), names):
                remaining = f"{error}: left as it is"
        else:
            remaining = _objection(erased, capture, workspace, names)
            if erased.occurrences and (remaining is None or remaining == _OTHER_SPELLING):
                replaced = {**replaced, "body": erased.body}
                count += erased.occurrences
        if replaced or remaining:
            yield FoundCapture(capture, count, replaced, remaining)


def _objection(
    erased: ErasedText, capture: dict[str, Any], workspace: Workspace, names: Names
) -> str | None:
    """Return why a body without names cannot be all, or cannot be used; None where it is good."""
    after = _parse(erased.body, capture, workspace)
    if erased.occurrences:
        before = _parse(capture["body"], capture, workspace)
        if _shape(before) != _shape(after):
            return "without the name it would be read as another list: left as it is"
    is_left = not erased.is_clean or _is_in_entries(after, names)
    return _OTHER_SPELLING if is_left else None


def _parse(body: bytes, capture: dict[str, Any], workspace: Workspace) -> tuple[str, Parsed]:
    """Return the format that a body is recognised as, or why as none, and what it says."""
    try:
        recognised = read_format(body, workspace.tables, capture["feed_id"])
    except UnknownFormatError:
        return "none", Parsed()
    feed = workspace.feeds.get(capture["feed_id"])
    context = reading_context(feed, capture["feed_date"], capture["captured_at"])
    parsed, error = parse(recognised.format, recognised.document, context)
    return f"{recognised.format.name} {(error or '').partition(':')[0]}", parsed


def _shape(read: tuple[str, Parsed]) -> tuple[Any, ...]:
    """Return what must stay: format, entries (ids, main fields), whether it is a whole list."""
    how, parsed = read
    # a name that is the heading of a column, or a tag, would take the whole field away
    entries = [
        (entry.position, entry.source_id, *(text is None for text in entry[_TITLE:_AFTER_AUTHORS]))
        for entry in parsed.entries
    ]
    return how, entries, parsed.envelope_error is None, parsed.is_cut, parsed.has_next


def _is_in_entries(read: tuple[str, Parsed], names: Names) -> bool:
    """Tell whether an entry says a name, put together from parts of the body or not."""
    said = [text for entry in read[1].entries for value in entry for text in _texts(value)]
    return names.holds("\x00".join(said))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
