"""Is a body what was asked for? And what paging needs to know of it."""

from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

import orjson

from flows.sources.errors import FailedTryError
from flows.sources.http_client import Answer
from transforms.parse.readers.limits import say_excess

_MOST_PARTS = 1_000_000
"""Tags, and values of attributes, of an XML body: a page of arXiv has about a hundred thousand. The
reader takes up to 300 bytes of memory for the name of each.
"""
_DEPTH = 3
"""How deep elements are read; deeper ones belong to the papers."""
_LONGEST_NAME = 100
"""Characters of the name of an element: a path of each holds those of the elements around it."""
_LONGEST_TEXT = 10_000
"""Characters: what is told beyond them of a text is left out. A token of arXiv has fifty."""
_SAID = frozenset(
    {
        "rss/channel/title",
        "rss/channel/description",
        "feed/title",
        "feed/subtitle",
        "html/head/title",
        "OAI-PMH/error",
        "error/message",
    }
)
"""Where a document that nobody asked for says what it is."""


def count_entries(answer: Answer) -> int:
    """Return how many entries a JSON list holds; 0 for JSON that is no list.

    Raises:
        FailedTryError: the body is no JSON, has millions of parts, or is an object with an
            ``error``.
    """
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    if body.startswith(b"<"):
        raise FailedTryError("HTML instead of JSON", detail=body)
    if excess := say_excess(body):
        raise FailedTryError(excess, is_final=True, detail=body)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FailedTryError(f"no JSON: {error}{_quote(body)}", detail=body) from error
    if isinstance(document, dict) and "error" in document:
        said = _say(document["error"])
        raise FailedTryError(f"an error instead of a list: {said}", detail=body)
    return len(document) if isinstance(document, list) else 0


def _say(error: object) -> str:
    try:
        return str(error)[:_LONGEST_TEXT]
    except RecursionError:
        return "lists or objects within each other, a thousand and more"


@dataclass
class TopElements:
    """The upper three levels of an XML document, by path of local names (``feed/entry/id``)."""

    root: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    """The text of the first element of each path that was asked for, cut to 10,000 characters."""
    codes: dict[str, str] = field(default_factory=dict)
    """The ``code`` attribute of each path's first element that has one."""

    def number(self, path: str) -> int | None:
        """Return the whole number in the text of a path, None where there is none."""
        text = self.texts.get(path, "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def read_top_elements(
    answer: Answer, texts_kept: frozenset[str], roots: frozenset[str]
) -> TopElements:
    """Read a whole XML document; keep counts, and the texts of the paths in ``texts_kept``.

    Raises:
        FailedTryError: the body is no whole XML, has a document type, or another root element, or
            millions of parts.
    """
    if max(answer.body.count(b"<"), answer.body.count(b"=")) > _MOST_PARTS:
        reason = f"XML with more than {_MOST_PARTS:,} tags or attributes"
        raise FailedTryError(reason, is_final=True, detail=answer.body)
    try:
        top = _Reader(answer.body, texts_kept).read()
    except (expat.ExpatError, LookupError, ValueError) as error:
        reason = f"no XML: {error}{_quote(answer.body.strip())}"
        raise FailedTryError(reason, detail=answer.body) from error
    if top.root not in roots:
        expected = " or ".join(sorted(roots))
        reason = f"<{top.root}> instead of <{expected}>{_say_what_it_is(answer.body)}"
        raise FailedTryError(reason, detail=answer.body)
    return top


def _quote(body: bytes) -> str:
    """Return how a plain text begins, which is often the cause (``Rate exceeded.``)."""
    if body[:1] in (b"", b"[", b"{", b"<") or b"\0" in body[:200]:
        return ""
    return f"; it says {' '.join(body[:200].decode(errors='replace').split())[:100]!r}"


def _say_what_it_is(body: bytes) -> str:
    texts = _Reader(body, _SAID).read().texts.values()
    said = ": ".join(" ".join(text.split()) for text in texts if text.strip())
    return f": {said}"[:300] if said else ""


class _Reader:
    """Collects the top elements of one document while expat reads it."""

    def __init__(self, body: bytes, texts_kept: frozenset[str]) -> None:
        self._body = body
        self._texts_kept = texts_kept
        self._top = TopElements()
        self._path: list[str] = []
        self._keeping: str | None = None

    def read(self) -> TopElements:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(self._body, True)
        return self._top

    def _doctype(self, name: str, *_: object) -> None:
        """Refuse the document: no source has a document type; web pages and entity bombs do."""
        is_html = name.lower() == "html"
        reason = "HTML instead of XML" if is_html else "XML with a document type"
        raise FailedTryError(reason, detail=self._body)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._keeping = None
        self._path.append(name.rpartition(":")[2][:_LONGEST_NAME])
        if len(self._path) > _DEPTH:
            return
        path = "/".join(self._path)
        self._top.root = self._path[0]
        self._top.counts[path] += 1
        if "code" in attributes:
            self._top.codes.setdefault(path, attributes["code"])
        if path in self._texts_kept and path not in self._top.texts:
            self._keeping = path
            self._top.texts[path] = ""

    def _end(self, _: str) -> None:
        self._keeping = None
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._keeping is not None:
            # lines come one at a time: to add each to a text without a bound takes hours
            kept = (self._top.texts[self._keeping] + text)[:_LONGEST_TEXT]
            self._top.texts[self._keeping] = kept
            if len(kept) == _LONGEST_TEXT:
                self._keeping = None
