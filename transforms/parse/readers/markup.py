"""XML and HTML as sources send them, read without trusting them.

No document type, so no entity is ever expanded and nothing outside is ever fetched; the parser's
own bounds hold on depth (256) and on the length of one text (10 MB), ours on the number of tags
and attributes, and on what is told of namespaces.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from transforms.errors import MarkupError
from transforms.parse.readers.encoding import UTF8_MARK, parser_encoding

_MOST_TAGS = 4_000_000
"""Some 300 MB of tree. The largest file that is read has a fifth of it at the usual density."""
_MOST_ATTRIBUTES = 3_000_000
"""Each takes 220 bytes of memory, and six of the file."""
_MOST_NAMESPACES = 100
_MOST_NAMESPACE_LETTERS = 2_000
"""Of prefixes and names: each of a hundred thousand records may repeat them."""
_MOST_REPEATED = 50_000_000
"""Letters of namespaces that the sources of all records repeat."""
_MOST_NAMES = 10_000
"""Of the elements inside one: each takes 300 bytes of memory, and eight of the file."""
LONGEST_TEXT = 1_000_000
"""Letters of one text: parted at blanks or lines it takes twenty times its size. The authors of the
largest collaborations take a tenth of it."""

_PREFIXES = {
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/rss/1.0/": "",
    "http://www.openarchives.org/OAI/2.0/": "",
    "http://arxiv.org/OAI/arXiv/": "",
    "http://arxiv.org/OAI/arXivRaw/": "",
    "http://www.openarchives.org/OAI/2.0/oai_dc/": "oai_dc:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://arxiv.org/schemas/atom": "arxiv:",
    "http://a9.com/-/spec/opensearch/1.1/": "opensearch:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_BODIES = ("body", "content", "text")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_TAG = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|br|center|code|dd|div|dl|dt|em|figure|font|h[1-6]|hr|i|img"
    r"|li|main|math|mark|ol|p|pre|s|section|small|span|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul)"
    r"(?:\s+[\w:-]+\s*=[^<>]*|\s*/?)>",
    re.IGNORECASE,
)
_BREAKING = re.compile(
    r"</?(?:article|blockquote|br|center|dd|div|dl|dt|figure|h\d|hr|img|li|main|ol|p|pre|section"
    r"|table|tbody|td|tr|ul)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reply:
    """An XML document, and what a recording says of the answer that it was the body of."""

    root: Any
    url: str | None = None
    status_code: int | None = None
    repaired: str | None = None
    """What was wrong with the XML and could be put right without a doubt."""


def read_xml(body: bytes) -> Reply:
    """Parse an XML document; lone ampersands and characters that XML forbids are put right.

    Raises:
        MarkupError: with the reason, fit to be shown to the one who gave the file.
    """
    body = body.removeprefix(UTF8_MARK).lstrip()
    if body.count(b"<") > _MOST_TAGS:
        raise MarkupError(f"XML with more than {_MOST_TAGS:,} tags")
    if body.count(b"=") > _MOST_ATTRIBUTES:
        raise MarkupError(f"XML with more than {_MOST_ATTRIBUTES:,} attributes")
    try:
        return Reply(_trusted(_parse(body)))
    except etree.XMLSyntaxError as error:
        reason = str(error.msg or error)[:200]
    repaired = _repair(body)
    try:
        if repaired != body:
            return Reply(_trusted(_parse(repaired, "utf-8")), repaired=reason)
    except etree.XMLSyntaxError:
        pass
    raise MarkupError(f"not XML: {reason}")


def read_recorded(document: Mapping[str, Any]) -> Reply:
    """Parse the XML that a recording (``{url, status_code, body}``) holds as text.

    Raises:
        MarkupError: the body is no XML that may be read.
    """
    reply = read_xml(_body(document).encode("utf-8", "replace"))
    status = document.get("status_code", document.get("status"))
    url = document.get("url")
    return Reply(
        reply.root,
        url if isinstance(url, str) else None,
        status if type(status) is int else None,
        reply.repaired,
    )


def is_recorded(document: object) -> bool:
    """Tell whether a decoded JSON document is a recorded answer with XML in it."""
    return isinstance(document, dict) and _body(document).lstrip("\ufeff \r\n\t")[:1] == "<"


def _body(document: Mapping[str, Any]) -> str:
    texts = (document.get(name) for name in _BODIES)
    return next((text for text in texts if isinstance(text, str)), "")


def name_of(element: Any) -> str:
    """Return an element's name with the usual prefix of its namespace, none for a feed's own."""
    namespace, _, local = element.tag.rpartition("}")
    return _PREFIXES.get(namespace[1:], "other:" if namespace else "") + str(local)


def children(element: Any) -> dict[str, list[Any]]:
    """Return the elements inside by name, in order.

    Raises:
        MarkupError: the namespaces in scope are so long that each name would repeat too much.
    """
    _bound_namespaces(element)
    found: dict[str, list[Any]] = {}
    for child in element.iterchildren(tag=etree.Element):
        found.setdefault(name_of(child), []).append(child)
        if len(found) > _MOST_NAMES:
            raise MarkupError(f"XML with more than {_MOST_NAMES:,} names within one element")
    return found


def records(parent: Any, *names: str) -> Iterator[Any]:
    """Yield the elements inside that have one of the names.

    Raises:
        MarkupError: so many namespaces are in scope that each record's source would repeat them.
    """
    if _bound_namespaces(parent) * len(parent) > _MOST_REPEATED:
        raise MarkupError("XML with long namespaces around many records")
    return (child for child in parent.iterchildren(tag=etree.Element) if name_of(child) in names)


def _bound_namespaces(parent: Any) -> int:
    """Refuse namespaces that each element inside would repeat: lxml keeps them with every name.

    Return how many letters they have.
    """
    namespaces = parent.nsmap
    if len(namespaces) > _MOST_NAMESPACES:
        raise MarkupError(f"XML with more than {_MOST_NAMESPACES} namespaces")
    letters = sum(len(prefix or "") + len(name) for prefix, name in namespaces.items())
    if letters > _MOST_NAMESPACE_LETTERS:
        raise MarkupError(f"XML with namespaces of more than {_MOST_NAMESPACE_LETTERS:,} letters")
    return letters


def text_of(elements: list[Any] | None) -> str | None:
    """Return the text of the first of some elements that has one, without space around it.

    Raises:
        MarkupError: it is longer than any of a paper.
    """
    for element in elements or ():
        text = "".join(element.itertext()).strip()
        if len(text) > LONGEST_TEXT:
            raise MarkupError(f"XML with a text of more than {LONGEST_TEXT:,} letters")
        if text:
            return text
    return None


def texts_of(elements: list[Any] | None) -> list[str]:
    """Return the texts of those elements that have one."""
    return [text for element in elements or () if (text := text_of([element]))]


def source_of(element: Any) -> str:
    """Return an element as XML text, for the rejects."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def plain_text(marked_up: str) -> str:
    """Return HTML as text: blocks become lines, references become characters.

    Only tags of HTML are taken for tags, so that ``x<y and z>w`` stays.
    """
    text = _TAG.sub(lambda tag: "\n" if _BREAKING.match(tag[0]) else "", marked_up)
    return unescape(text)


def unescape(text: str) -> str:
    """Return a text with its character references replaced."""
    return _REFERENCE.sub(lambda found: html.unescape(found[0]) if found[1] else found[0], text)


def _parse(body: bytes, encoding: str | None = None) -> Any:
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    return etree.fromstring(body, parser)


def _trusted(root: Any) -> Any:
    """Refuse a document type: attributes would show its entities expanded all the same.

    It is not asked for itself: lxml would copy it, in the square of what it declares.
    """
    if root.getroottree().docinfo.doctype:
        raise MarkupError("XML with a document type (DOCTYPE), which none of the formats has")
    return root


def _repair(body: bytes) -> bytes:
    declared = parser_encoding(body)
    if declared and declared.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        return body
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body
    pieces, start = [], 0
    while start >= 0:
        open_at = text.find("<![CDATA[", start)
        close_at = text.find("]]>", open_at) if open_at >= 0 else -1
        outside = text[start : open_at if close_at >= 0 else None]
        pieces.append(_REFERENCE.sub(_legal_reference, outside))
        if close_at < 0:
            break
        pieces.append(text[open_at : close_at + 3])
        start = close_at + 3
    return _ILLEGAL.sub(" ", "".join(pieces)).encode()


def _legal_reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name in _XML_NAMES:
        return found[0]
    character = html.unescape(found[0])
    if character == found[0]:
        return f"&amp;{character[1:]}"
    # a reference to a character that there is none of is replaced by nothing
    return html.escape(character, quote=False) or " "
