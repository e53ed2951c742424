"""Text dumps of Hugging Face papers: ``Title:``, ``PDF:``, ``Summary:``, closed by ``---``.

A value may go on over several lines, the PDF line may be missing, the summary empty.
"""

import re
from collections.abc import Iterator
from typing import Any

from transforms.parse.bounds import bounded
from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.identifiers import agreed_id, is_elsewhere

FORMAT = "hf_weekly_text"
PARSER_VERSION = "hf_weekly_text/1"

_LABELS = {
    "title": "title",
    "pdf": "link",
    "link": "link",
    "url": "link",
    "summary": "abstract",
    "abstract": "abstract",
}
_LABEL = re.compile(rf"({'|'.join(_LABELS)})\s?:(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST_LABEL = 12
_SEPARATOR = re.compile(r"-{3,}\s*")
_HEAD = re.compile(r"^Title\s?:.*\n(?:.*\n){0,20}?(?:PDF|Summary)\s?:", re.MULTILINE)
_HEAD_LENGTH = 8_000

Block = list[str]


def is_hf_weekly_text(text: str) -> bool:
    """Tell whether a text is such a dump."""
    return _HEAD.search(_with_plain_ends(text[:_HEAD_LENGTH])) is not None


def parse(document: Any, context: Context) -> Parsed:  # noqa: ARG001 - the signature of every parser
    """Read one dump. It says nothing of its own date."""
    parsed = Parsed()
    for position, block in enumerate(bounded(_blocks(str(document)), parsed)):
        parsed.payloads.append("\n".join(block))
        parsed.entries.append(_entry(position, block, parsed.misfits))
    return parsed


def _blocks(text: str) -> Iterator[Block]:
    """Yield the lines of each paper: to a line of dashes, or to the next title."""
    block: Block = []
    has_more = False
    for line in _with_plain_ends(text).split("\n"):
        label = _label(line)
        is_separator = line.startswith("---") and _SEPARATOR.fullmatch(line) is not None
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


def _entry(position: int, block: Block, misfits: list[Misfit]) -> Entry:
    values: dict[str, list[str]] = {}
    name: str | None = None
    for line in block:
        found = _LABEL.fullmatch(line)
        label = _LABELS[found[1].lower()] if found else None
        # a label that was there before is a line of the text: "Summary: ..." within an abstract
        if found and label and label not in values:
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
        _identifier(position, _text(values, "link"), misfits),
        _text(values, "title"),
        _text(values, "abstract"),
    )


def _identifier(position: int, link: str | None, misfits: list[Misfit]) -> str | None:
    if link and is_elsewhere(link) and not agreed_id(position, [link], misfits):
        reason = "the link leads elsewhere than to arXiv"
        misfits.append(Misfit(position, "link", "not_arxiv", reason, link[:200]))
        return None
    return agreed_id(position, [link], misfits) or link


def _text(values: dict[str, list[str]], name: str) -> str | None:
    return "\n".join(values.get(name, [])).strip() or None
