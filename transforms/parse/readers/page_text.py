"""Copies of web pages that tools have made, as Markdown or with numbered links, to plain lines."""

import re

_IS_LINKED = re.compile(r"\]\[\d{1,4}\]|\]\((?:https?://|/)|^https?://\S+$", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\s]{0,2000}\)")
_BRACKET = re.compile(r"\[|\](?:\((?:https?://|/)[^()\s]{0,2000}\)|\[\d{1,4}\])?")
_DEEPEST_LINK = 8
"""Every bracket within brackets is copied once more."""
_BREAK = re.compile(r"(?<!\\)\\++(?=\s)")
_POINTS = ("-", "*", "•")
_LIST_MARK = re.compile(r"[-*•]\s+(?=\S)")
_FRAME = re.compile(
    r"https?://\S+|```\w*|<a id=\"[^\"]{0,100}\"></a>|[\[\]]|#{1,6}|(?:\[\d{1,4}\]:?|\d{1,4}\.) https?://\S+"
)
"""Lines that belong to the copy, not to the page."""
_MARK = re.compile(r"#{1,6}\s+|\[-\]\s+|[-*•]\s+(?=.{1,60}$)")


def is_linked(text: str) -> bool:
    """Tell whether a copy shows the links of its page."""
    return _IS_LINKED.search(text) is not None


def unlinked(text: str) -> str:
    """Return a copy without links and pictures: what each link says on lines of its own.

    A text that goes on over several lines within a link becomes one line.
    """
    text = _BREAK.sub(" ", _PICTURE.sub("", text))
    kept: list[list[str]] = [[]]
    start = 0
    for found in _BRACKET.finditer(text):
        kept[-1].append(text[start : found.start()])
        start = found.end()
        if found[0] == "[" and len(kept) <= _DEEPEST_LINK:
            kept.append([])
        elif found[0] == "[" or len(kept) == 1:
            kept[-1].append(found[0])
        else:
            inner = "".join(kept.pop())
            is_link = found[0] != "]"
            while is_link and len(kept) > 1 and inner.count(")") > inner.count("("):
                # the bracket of an interval, [0, 1), is none of a link
                inner = "".join([*kept.pop(), "[", inner])
            kept[-1].append(f"\n{_on_one_line(inner)}\n" if is_link else f"[{inner}]")
    kept[-1].append(text[start:])
    rest = ""
    for pieces in map("".join, kept):
        # a link whose end was taken for another's: a bracket within the text is open
        is_of_page = rest.rstrip(" ").endswith("\n")
        rest += pieces if is_of_page or not rest else f"[{pieces}"
    return "\n".join(map(_without_frame, rest.split("\n")))


def _on_one_line(linked: str) -> str:
    """Join the lines of each paragraph within a link; those of a list stay apart."""
    joined: list[list[str]] = []
    is_open = False
    lines = [line.strip() for line in linked.split("\n")]
    if sum(map(bool, lines)) > 1:
        # points of a list whose pictures are gone; alone, a dash stands for no votes
        lines = ["" if line in _POINTS else line for line in lines]
    for line in lines:
        if is_open and line and not _LIST_MARK.match(line):
            joined[-1].append(line)
        elif line:
            joined.append([line])
        is_open = bool(line)
    return "\n".join(" ".join(lines) for lines in joined)


def _without_frame(line: str) -> str:
    line = line.strip()
    return "" if _FRAME.fullmatch(line) else _MARK.sub("", line, count=1)
