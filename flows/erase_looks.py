"""Looks without names: which hold one, and whether what is left is still the same list."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from flows.house import House
from flows.land import parse
from transforms.parse.entry import Parsed
from transforms.recognise import UnknownFormatError, recognise
from warehouse.erasure import ErasedText, UnreadableError, erase_body, erase_facts
from warehouse.names import Names

_OTHER_SPELLING = "it holds the name in another form: give that too, such as 'Doe, Jane'"


class FoundLook(NamedTuple):
    """One look that holds a name: what is to be replaced in it, and what cannot be."""

    look: dict[str, Any]
    occurrences: int
    replaced: dict[str, Any]
    remaining: str | None

    @property
    def erased_blob_id(self) -> str:
        """The hash of the bytes that the look is to have."""
        body: bytes = self.replaced.get("body", self.look["body"])
        return hashlib.sha256(body).hexdigest()


def find_looks(pack: pl.DataFrame, names: Names, house: House) -> Iterator[FoundLook]:
    """Yield those looks of a pack that hold a name in their body or in what was asked for."""
    for look in pack.iter_rows(named=True):
        asked, count = erase_facts(look, names)
        replaced, remaining = asked if count else {}, None
        try:
            erased = erase_body(look["body"], names)
        except UnreadableError as error:
            if _is_in_entries(_parse(look["body"], look, house), names):
                remaining = f"{error}: left as it is"
        else:
            remaining = _objection(erased, look, house, names)
            if erased.occurrences and (remaining is None or remaining == _OTHER_SPELLING):
                replaced = {**replaced, "body": erased.body}
                count += erased.occurrences
        if replaced or remaining:
            yield FoundLook(look, count, replaced, remaining)


def _objection(erased: ErasedText, look: dict[str, Any], house: House, names: Names) -> str | None:
    """Return why a body without names cannot be all, or cannot be used; None where it is good."""
    after = _parse(erased.body, look, house)
    if erased.occurrences:
        before = _parse(look["body"], look, house)
        if _shape(before) != _shape(after):
            return "without the name it would be read as another list: left as it is"
    is_left = not erased.is_clean or _is_in_entries(after, names)
    return _OTHER_SPELLING if is_left else None


def _parse(body: bytes, look: dict[str, Any], house: House) -> tuple[str, Parsed]:
    """Return the format that a body is recognised as, or why as none, and what it says."""
    try:
        recognised = recognise(body, house.tables, look["feed_id"])
    except UnknownFormatError:
        return "none", Parsed()
    parsed, error = parse(
        recognised.format, recognised.document, look["feed_date"], look["captured_at"]
    )
    return f"{recognised.format.name} {(error or '').partition(':')[0]}", parsed


def _shape(read: tuple[str, Parsed]) -> tuple[Any, ...]:
    """Return what must stay: format, entries with their ids, and whether it is a whole list."""
    how, parsed = read
    ids = [(entry.position, entry.source_id) for entry in parsed.entries]
    return how, ids, parsed.envelope_error is None, parsed.is_cut, parsed.has_next


def _is_in_entries(read: tuple[str, Parsed], names: Names) -> bool:
    """Tell whether an entry says a name, put together from parts of the body or not."""
    said = [text for entry in read[1].entries for value in entry for text in _texts(value)]
    return names.holds("\x00".join(said))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
