"""Text dumps of Hugging Face papers: ``Title:``, ``PDF:``, ``Summary:``, closed by ``---``.

A value may go on over several lines, the PDF line may be missing, the summary empty. Labels may be
numbered or bold, and there may be more of them before the summary.
"""

import re
from collections.abc import Iterator

from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.formats.base import Format, where
from transforms.parse.readers.arxiv_ids import is_elsewhere
from transforms.parse.readers.bylines import byline
from transforms.parse.readers.field_values import read_count, read_time
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.limits import bounded

_LABELS = {
    "title": "title",
    "pdf": "link",
    "link": "link",
    "url": "link",
    "summary": "abstract",
    "abstract": "abstract",
    "arxiv": "link",
    "authors": "authors",
    "author": "authors",
    "published": "published",
    "date": "published",
    "upvotes": "votes",
    "votes": "votes",
}
_ANYWHERE = ("title", "link", "abstract")
"""The other labels count before the summary, within which they are words, or behind its last line,
where what they say is a day, a number or names."""
_BEFORE = r"(?:\d{1,4}[.)]\s)?(?:[-*]\s|#{1,6}\s)?[*_]{0,2}"
_BEHIND = r"[*_]{0,2}\s?:[*_]{0,2}"
_LABEL = re.compile(rf"{_BEFORE}({'|'.join(_LABELS)}){_BEHIND}(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST_LABEL = 24
_SEPARATOR = re.compile(r"(?:-{3,}|={3,}|\*{3,}|_{3,})\s*")
_HEAD = re.compile(
    rf"^{_BEFORE}Title{_BEHIND}.*\n(?:.*\n){{0,20}}?"
    rf"{_BEFORE}(?:PDF|Summary|Link|URL|Abstract|arXiv){_BEHIND}",
    re.MULTILINE,
)
_HEAD_LENGTH = 8_000
_RULES = ("---", "===", "***", "___")

Block = list[str]


def is_hf_weekly_text(text: str) -> bool:
    """Tell whether a text is such a dump."""
    return _HEAD.search(_with_plain_ends(text[:_HEAD_LENGTH])) is not None


def parse(document: str, context: Context) -> Parsed:
    """Read one dump. It says nothing of its own date."""
    parsed = Parsed()
    for position, block in enumerate(bounded(_blocks(document), parsed)):
        parsed.payloads.append("\n".join(block))
        read = Reader(position, parsed.misfits, context.link_hosts)
        parsed.entries.append(_entry(block, read))
    return parsed


def _blocks(text: str) -> Iterator[Block]:
    """Yield the lines of each paper: to a line of dashes, or to the next title."""
    block: Block = []
    has_more = False
    for line in _with_plain_ends(text).split("\n"):
        label = _label(line)
        is_separator = line.startswith(_RULES) and _SEPARATOR.fullmatch(line) is not None
        if is_separator or (has_more and label == "title"):
            if any(map(str.strip, block)):
                yield block
            block, has_more = [], False
        if not is_separator:
            block.append(line)
            has_more = has_more or label in ("link", "abstract")
    if any(map(str.strip, block)):
        yield block


def _with_plain_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _label(line: str) -> str | None:
    found = _LABEL.fullmatch(line) if ":" in line[:_LONGEST_LABEL] else None
    return _LABELS[found[1].lower()] if found else None


def _entry(block: Block, read: Reader) -> Entry:
    position, misfits = read.position, read.misfits
    values: dict[str, list[str]] = {}
    name: str | None = None
    last = _before_last_labels(block)
    for number, line in enumerate(block):
        found = _LABEL.fullmatch(line)
        label = _LABELS[found[1].lower()] if found else None
        is_word = label not in _ANYWHERE and name == "abstract" and number < last
        # a label that was there before is a line of the text: "Summary: ..." within an abstract
        if found and label and label not in values and not is_word:
            name = label
            values[name] = [found[2]]
        else:
            values.setdefault(name or "", []).append(line)
    before = _text(values, "")
    if "title" not in values:
        reason = "the block has no line that begins with Title:"
        misfits.append(Misfit(position, "title", "required", reason, (before or "")[:200]))
    elif before:
        reason = "text before the title belongs to no paper"
        misfits.append(Misfit(position, "text", "unread", reason, before[:200]))
    return Entry(
        position,
        _identifier(_text(values, "link"), read),
        _text(values, "title"),
        _text(values, "abstract"),
        read.names("authors", _text(values, "authors")),
        published_date=read.day("published_date", _text(values, "published")),
        votes=read.count("votes", _text(values, "votes")),
    )


def _before_last_labels(block: Block) -> int:
    """Return where the last lines of a block begin that are labels with a value that fits."""
    last = len(block)
    while last and (not block[last - 1].strip() or _is_labelled(block[last - 1])):
        last -= 1
    return last


def _is_labelled(line: str) -> bool:
    found = _LABEL.fullmatch(line) if ":" in line[:_LONGEST_LABEL] else None
    label = _LABELS[found[1].lower()] if found else None
    said = found[2].strip() if found else ""
    return (
        (label == "published" and read_time(said) is not None)
        or (label == "votes" and read_count(said) is not None)
        or (label == "authors" and byline(f"By {said}") is not None)
        or label == "link"
    )


def _identifier(link: str | None, read: Reader) -> str | None:
    found = read.identifier([link])
    if link and not found and is_elsewhere(link):
        reason = "the link leads elsewhere than to arXiv"
        read.misfits.append(Misfit(read.position, "link", "not_arxiv", reason, link[:200]))
        return None
    return found or link


def _text(values: dict[str, list[str]], name: str) -> str | None:
    return "\n".join(values.get(name, [])).strip() or None


FORMAT = Format(
    name="hf_weekly_text",
    parser_version="hf_weekly_text/6",
    feed_id="hf-weekly",
    parse=parse,
    from_text=where(is_hf_weekly_text),
)
