"""RSS, Atom and JSON Feed copies of the Hugging Face paper list, as mirrors make them.

A description may be HTML with ``Upvotes:``, ``Authors:``, ``Abstract:`` in it, escaped or not. A
machine's summary may stand before the abstract; it is left out.
"""

import re
from typing import Any

from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.formats.base import Format, where
from transforms.parse.readers.arxiv_ids import arxiv_id, doi_id, is_category
from transforms.parse.readers.bylines import byline, byline_before_dash
from transforms.parse.readers.field_values import looked_at
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.limits import bounded
from transforms.parse.readers.markup import plain_text, unescape
from transforms.parse.readers.syndication import (
    Channel,
    Item,
    is_syndication,
    read_channel,
    read_items,
)
from transforms.standing import comment_says_withdrawn

_LABELS = {
    "abstract": "abstract",
    "summary": "summary",
    "tldr": "machine",
    "tl;dr": "machine",
    "ai summary": "machine",
    "ai-generated summary": "machine",
    "author": "authors",
    "authors": "authors",
    "institution": "organisation",
    "organization": "organisation",
    "upvotes": "votes",
    "votes": "votes",
    "likes": "votes",
    "comments": "comments",
    "github stars": "stars",
    "stars": "stars",
    "keywords": "keywords",
    "tags": "keywords",
    "code": "github_url",
    "github": "github_url",
    "project": "project_url",
    "project page": "project_url",
    "published": "ignored",
    "arxiv links": "ignored",
    "links": "ignored",
    "link": "ignored",
    "pdf": "ignored",
}
_NAMES = "|".join(sorted(map(re.escape, _LABELS), key=len, reverse=True))
_LABEL = re.compile(
    rf"(?:[^\w\s(]{{1,3}}\s?)?({_NAMES})(?:\s?:\s?(.*)|)", re.IGNORECASE | re.DOTALL
)
_NEXT_LABEL = re.compile(r"[.;,|]?\s(?=(?:Abstract|Summary|Authors|Upvotes|Votes|Comments)\s?:\s)")
_NUMBER_ALONE = re.compile(
    r"(?:👍|▲|🔼|🔺|🔥|⬆️?|❤️?)\s?([\d.,]+\s?[kK]?)(?:\s+(?:upvotes?|votes?|likes?))?"
)
_COMMENTS_ALONE = re.compile(r"💬\s?([\d.,]+)(?:\s+comments?)?|([\d.,]+)\scomments?", re.IGNORECASE)
_AROUND_A_NUMBER = re.compile(
    r"^[^\w\s+-]{1,3}\s?(?=\d)"
    r"|(?<=[\dkKmM])\s?(?:[^\w\s]{1,3}|upvotes?|votes?|likes?|comments?|stars?)$",
    re.IGNORECASE,
)
_EXTENT = re.compile(r"\b\d{1,4}\s(?:pages?|figures?|tables?)\b", re.IGNORECASE)
_CLOSING_TAG = re.compile(r"</(?:p|div|strong|b|li|h\d)>", re.IGNORECASE)
_BAR = re.compile(rf"\s\|\s(?=(?:{_NAMES})\s?:)", re.IGNORECASE)
_BARS = re.compile(r"(?<!\s)\s+[|·•]\s+")
_LONGEST_BAR_LINE = 400
_UPVOTES = re.compile(r"([\d.,]+[kK]?)\s(?:upvotes?|votes?|likes?)", re.IGNORECASE)
_ERROR = re.compile(
    r"Bridge returned error|(?:feed |http |server |internal server )?error\b"
    r"|(?:4\d\d|5\d\d)\b|bad gateway|gateway time-?out|too many requests|rate limit|access denied"
    r"|service unavailable|not found\b|forbidden",
    re.IGNORECASE,
)
"""How the title of a feed, or of its one item, begins that says why there is no list."""
_NAVIGATION = frozenset(
    (
        "view", "read", "open", "see", "full", "paper", "papers", "page", "pdf", "html", "arxiv",
        "abs", "abstract", "hugging", "huggingface", "hf", "face", "on", "the", "in", "at", "more",
        "link", "links", "code", "github", "project", "here", "discussion", "discuss", "download",
    )
)  # fmt: skip
"""A line of such words alone is what one can press, no words of the paper."""
_LONGEST_NAVIGATION = 100
_ANNOUNCED = re.compile(r"arXiv:\S{5,40} Announce Type:\s*[A-Za-z_-]+")
_MACHINE_MARK = "AI-generated summary"
_COUNTS = {"votes": ("upvotes", "votes", "likes"), "comments": ("numComments",)}
_TEXTS = ("abstract", "machine", "summary")
_BARE = ("abstract", "ignored", "machine", "summary")
"""Labels that may stand on a line of their own, as headings."""
_OF_PLAIN_TEXT = ("abstract", "authors", "machine", "summary", "votes")
"""Labels that count where there is no HTML: a plain abstract may end with ``Code: https://...``."""


def is_rss(document: object) -> bool:
    """Tell whether a document is a feed whose items may be papers."""
    return is_syndication(document)


def parse(document: Any, context: Context) -> Parsed:
    """Read one feed. Mirrors date their items differently: ``listed_at`` is no date of a list."""
    channel = read_channel(document)
    parsed = Parsed(has_next=channel.has_next)
    parsed.captured_at, parsed.captured_after = looked_at(channel.built_at)
    items = list(bounded(read_items(document), parsed))
    parsed.envelope_error = _say_error(channel, items, context)
    sections = [_sections(item.bodies) if isinstance(item, Item) else {} for item in items]
    # one name before a dash may be a phrase, but for a feed that shows several names so elsewhere
    least = 1 if any(byline_before_dash(shown.get("", ""))[0] for shown in sections) else 2
    for position, (item, shown) in enumerate(zip(items, sections, strict=True)):
        if isinstance(item, Item):
            parsed.payloads.append(item.source)
            read = Reader(position, parsed.misfits, context.link_hosts)
            parsed.entries.append(_entry(item, shown, least, read))
            continue
        parsed.payloads.append(item)
        reason = f"the item is {type(item).__name__}, no object"
        parsed.misfits.append(Misfit(position, "entry", "shape", reason, repr(item)[:200]))
        parsed.entries.append(Entry(position))
    return parsed


def _say_error(channel: Channel, items: list[Any], context: Context) -> str | None:
    """Return what a feed without any paper says went wrong, in its title or that of an item."""
    papers = [item for item in items if isinstance(item, Item)]
    if any(arxiv_id(t, context.link_hosts) or doi_id(t) for i in papers for t in i.identifiers):
        return None
    told = [(channel.title, channel.description)]
    told += [(item.title or "", next(iter(item.bodies), "")) for item in papers]
    said = next((texts for texts in told if _ERROR.match(texts[0].strip())), None)
    if not said:
        return None
    words = (" ".join(plain_text(part).split()) for part in said)
    cause = ": ".join(filter(None, words))
    return f"an error instead of a list: {cause}"[:300]


def _entry(item: Item, sections: dict[str, str], least: int, read: Reader) -> Entry:
    links = [text for text in item.identifiers if arxiv_id(text, read.link_hosts) or doi_id(text)]
    author_comment = item.author_comment or _author_comment(sections)
    named, abstract = _abstract(sections, least)
    return Entry(
        read.position,
        # a link elsewhere is no bad id: the item has none
        read.identifier(links or item.identifiers),
        unescape(_bare(item.title)) if item.title else None,
        abstract,
        _authors(item, sections.get("authors") or named, read),
        listed_at=read.time("listed_at", item.listed_at),
        votes=_count("votes", item, sections, read),
        comments=_count("comments", item, sections, read),
        stars=_count("stars", item, sections, read),
        organisation=sections.get("organisation"),
        github_url=sections.get("github_url"),
        project_url=sections.get("project_url"),
        keywords=read.texts("keywords", sections.get("keywords"), ","),
        categories=[code for code in item.categories if is_category(code)] or None,
        announce_type=item.announce_type,
        author_comment=author_comment,
        journal_ref=item.journal_ref,
        licence=item.rights,
    )


def _bare(text: str) -> str:
    """Return a text without the mark that XML puts around one, where it was escaped once more."""
    return text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()


def _sections(bodies: list[str]) -> dict[str, str]:
    """Return the labelled parts of the descriptions; what has no label is under ``""``."""
    sections: dict[str, str] = {}
    for body in bodies:
        found: dict[str, list[str]] = {}
        label = ""
        is_html, lines = _lines(body)
        for line in lines:
            name, rest, label = _labelled(line, label, is_html)
            if rest:
                found.setdefault(name, []).append(rest)
        for name, lines in found.items():
            sections.setdefault(name, "\n".join(lines))
    return sections


def _lines(body: str) -> tuple[bool, list[str]]:
    """Tell whether a description is HTML, perhaps once more escaped, and return its lines."""
    body = _bare(body)
    is_html = _CLOSING_TAG.search(body) is not None
    text = plain_text(body)
    if _CLOSING_TAG.search(text):
        is_html, text = True, plain_text(text)
    lines = text.split("\n")
    if is_html:
        lines = [part for line in lines for part in _parts(line)]
    lines = [part for line in lines for part in _labelled_parts(line)]
    return is_html, [line.strip() for line in lines if line.strip()]


def _labelled_parts(line: str) -> list[str]:
    """Return the labelled parts of a line that begins with a label beside its value."""
    found = _LABEL.fullmatch(line.strip())
    if not found or found[2] is None or _LABELS[found[1].lower()] in _TEXTS:
        return [line]
    return _NEXT_LABEL.split(line)


def _parts(line: str) -> list[str]:
    """Return what stands between bars, where labels or counts show that they part something."""
    parts = _BARS.split(line) if len(line) <= _LONGEST_BAR_LINE else [line]
    if any(_count_alone(part.strip()) for part in parts):
        return parts
    return _BAR.split(line)


def _count_alone(line: str) -> tuple[str, str] | None:
    """Return what a line counts that says nothing else, and the number."""
    votes = _NUMBER_ALONE.fullmatch(line) or _UPVOTES.fullmatch(line)
    if votes:
        return "votes", votes[1]
    comments = _COMMENTS_ALONE.fullmatch(line)
    return ("comments", comments[1] or comments[2]) if comments else None


def _is_navigation(line: str) -> bool:
    words = re.findall(r"\w+", line.lower()) if len(line) <= _LONGEST_NAVIGATION else []
    return bool(words) and _NAVIGATION.issuperset(words)


def _labelled(line: str, label: str, is_html: bool) -> tuple[str, str, str]:
    """Return the section that a line belongs to, what it says there, and whose the next line is."""
    found = _LABEL.fullmatch(line)
    name = _LABELS[found[1].lower()] if found else ""
    if found and (is_html or name in _OF_PLAIN_TEXT) and (found[2] is not None or name in _BARE):
        text = (found[2] or "").strip()
        # a value beside its label ends with the line, a text may go on
        return name, text, "" if text and name not in _TEXTS else name
    counted = _count_alone(line)
    if counted:
        return *counted, label
    names = byline(line) if is_html and label == "" else None
    if names:
        return "authors", names, label
    return label, "" if is_html and _is_navigation(line) else line, label


def _abstract(sections: dict[str, str], least: int) -> tuple[str | None, str | None]:
    """Return the byline before the paper's own words, and these.

    A summary counts as such only where there is nothing else. What arXiv writes before its own
    abstracts stays there, for it holds version and announce type.
    """
    for name in ("abstract", "", "summary"):
        text = sections.get(name)
        if text and name == "" and _MACHINE_MARK in text:
            text = text.partition(_MACHINE_MARK)[2]
        if text and (name != "" or "summary" not in sections):
            named, text = byline_before_dash(text, least) if name == "" else (None, text)
            if name != "" and _ANNOUNCED.fullmatch(sections.get("", "")):
                text = f"{sections['']} {text}"
            return named, text.strip() or None
    return None, None


def _author_comment(sections: dict[str, str]) -> str | None:
    """Take out and return what authors say under Comments, where it is no number of comments."""
    text = sections.get("comments")
    if text is None or not (comment_says_withdrawn(text) or _EXTENT.search(text)):
        return None
    return sections.pop("comments")


def _authors(item: Item, named: str | None, read: Reader) -> list[str] | None:
    texts = item.authors or ([named] if named else [])
    return read.names("authors", texts[0] if len(texts) == 1 else texts or None) or None


def _count(name: str, item: Item, sections: dict[str, str], read: Reader) -> int | None:
    values = (item.numbers.get(field) for field in _COUNTS.get(name, ()))
    value = next((value for value in values if value is not None), sections.get(name))
    return read.count(name, value, lambda text: _AROUND_A_NUMBER.sub("", text))


FORMAT = Format(
    name="rss",
    parser_version="rss/8",
    feed_id="hf-rss",
    dated_feed_id="hf-daily",
    parse=parse,
    from_json=where(is_rss),
    from_xml=where(is_rss),
)
