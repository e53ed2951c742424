"""What paging needs to see of a body, and whether the body is what was asked for at all."""

from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

import orjson

from flows.sources.base import FailedTryError
from flows.sources.http_client import Answer

_DEPTH = 3
"""Deeper elements belong to the papers."""


def count_entries(answer: Answer) -> int:
    """Return how many entries a JSON list holds: 0 for JSON that is no list.

    Raises:
        FailedTryError: no JSON, or JSON that tells an error.
    """
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    if body.startswith(b"<"):
        raise FailedTryError("HTML instead of JSON", detail=body)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FailedTryError(f"no JSON: {error}", detail=body) from error
    if isinstance(document, dict) and "error" in document:
        raise FailedTryError(f"an error instead of a list: {document['error']}", detail=body)
    return len(document) if isinstance(document, list) else 0


@dataclass
class Outline:
    """The upper elements of an XML document, by path of local names (``feed/entry/id``)."""

    root: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    """The text of the first element of a path that was asked for."""
    codes: dict[str, str] = field(default_factory=dict)
    """The ``code`` attribute of the first element of a path, where it has one."""

    def number(self, path: str) -> int | None:
        """Return the whole number that an element holds, None where there is none."""
        text = self.texts.get(path, "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def outline(answer: Answer, wanted: frozenset[str], roots: frozenset[str]) -> Outline:
    """Read a whole XML document, keeping counts and a few texts.

    Raises:
        FailedTryError: no XML, an end that is missing, or another root than those expected.
    """
    try:
        seen = _Reader(wanted).read(answer.body)
    except _DoctypeError as error:
        raise FailedTryError(str(error), detail=answer.body) from error
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise FailedTryError(f"no XML: {error}", detail=answer.body) from error
    if seen.root not in roots:
        expected = " or ".join(sorted(roots))
        raise FailedTryError(f"<{seen.root}> instead of <{expected}>", detail=answer.body)
    return seen


class _DoctypeError(Exception):
    """No source of ours declares a document type; web pages do, and so do entity bombs."""


class _Reader:
    """Follows expat through one document."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._outline = Outline()
        self._path: list[str] = []
        self._keeping: str | None = None

    def read(self, body: bytes) -> Outline:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(body, True)
        return self._outline

    def _doctype(self, name: str, *_: object) -> None:
        is_html = name.lower() == "html"
        raise _DoctypeError("HTML instead of XML" if is_html else "XML with a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._keeping = None
        self._path.append(name.rpartition(":")[2])
        if len(self._path) > _DEPTH:
            return
        path = "/".join(self._path)
        self._outline.root = self._path[0]
        self._outline.counts[path] += 1
        if "code" in attributes:
            self._outline.codes.setdefault(path, attributes["code"])
        if path in self._wanted and path not in self._outline.texts:
            self._keeping = path
            self._outline.texts[path] = ""

    def _end(self, _: str) -> None:
        self._keeping = None
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._keeping is not None:
            self._outline.texts[self._keeping] += text
