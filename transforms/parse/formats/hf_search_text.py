"""Text copies of the Hugging Face paper search page, in three layouts, with links or without.

Blank lines between all paragraphs; compact (every line a paragraph, ``Subscribe`` glued to the
first title); and with ``N authors`` or an organisation / ``·`` / date lines behind each abstract.
The ``Mon DD`` under the heading is the day of the copy; its year is never inferred.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from transforms.errors import UnknownFormatError
from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.formats.base import Format, Found
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.limits import bounded
from transforms.parse.readers.page_text import is_linked, unlinked

_MARK = "Get trending papers in your email inbox"
_MARK_WITHIN = 4_000
_TRENDING = re.compile(r"^(?:· )?(?:Published on|Submitted by)\b.{0,60}$", re.MULTILINE)
_TRENDING_LEAST = 3
_TRENDING_REFUSED = (
    "no known format: a text copy of the trending page, where a machine's summary stands in place"
    " of many abstracts; its saved HTML can be read"
)
_HEADING = re.compile(
    r"new|Get trending papers in your email inbox.*|Subscribe|Daily Papers|Trending Papers"
    r"|by\s?AK and the research community|Daily|Weekly|Monthly|by\s?|AK|and the research community"
)
_MOST_HEADING_LINES = 30
_LONGEST_HEADING = 100
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NUMBER = re.compile(r"\d{1,6}|\d{1,3}(?:,\d{3}){1,2}|\d{1,4}(?:\.\d)?[kK]|-")
"""Votes or comments; a dash where nobody has voted yet."""
_DATE = re.compile(rf"({'|'.join(_MONTHS)}) (\d{{1,2}})(?:, (\d{{4}}))?(?:\s+({_NUMBER.pattern}))?")
_AUTHORS = re.compile(r"(?:[•·]\s*)?(\d+) authors?")
_DOT = "·"
_FOOTER = re.compile(r"Previous|Next|…|\.\.\.|\d{1,6}")
_FOOTER_WITHIN = 120
_LONGEST_TITLE = 400
_LONGEST_NAME = 100
_SENTENCE_END = (*".!:;)]}…\"'$", "\u201d")
_LONGEST_ASIDE = 200
"""No title of the 371 in copies at hand is longer, and no abstract shorter."""
_PICTURE_NAME = re.compile(r"\[[^\[\]]{1,100}\]\s+")


def is_hf_search_text(text: str) -> bool:
    """Tell whether a text is a copy of this page."""
    return _MARK in text[:_MARK_WITHIN] and not text.lstrip().startswith("<")


def is_trending_text(text: str) -> bool:
    """Tell whether a copy is of the ranking, where a machine's summary may replace an abstract."""
    return len(_TRENDING.findall(text.replace("\r", "\n"))) >= _TRENDING_LEAST


@dataclass
class _Item:
    """The paragraphs of one paper, before they are told apart."""

    paragraphs: list[str] = field(default_factory=list)
    number_before: str | None = None
    numbers_after: list[str] = field(default_factory=list)
    shown_date: re.Match[str] | None = None
    organisation: str | None = None
    comments: str | None = None


def parse(document: str, context: Context) -> Parsed:
    """Read one page; years shown bound the day of the capture from below (``captured_after``)."""
    looked_at, body = _split_heading(_plain_lines(document))
    parsed = Parsed()
    items = list(bounded(_items(body), parsed))
    _place_numbers(items)
    parsed.envelope_error = _say_unknown(items)
    year = context.captured_at.year if context.captured_at else None
    votes_are_shown = bool(items) and all(item.number_before for item in items)
    for position, item in enumerate(items):
        parsed.entries.append(_entry(position, item, year, votes_are_shown, parsed.misfits))
    parsed.payloads = ["\n".join(item.paragraphs) for item in items]
    years = [int(item.shown_date[3]) for item in items if item.shown_date and item.shown_date[3]]
    if looked_at and years:
        parsed.captured_after = _date(looked_at, max(years) + 1)
    return parsed


def _plain_lines(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [line.strip() for line in (unlinked(text) if is_linked(text) else text).split("\n")]


def _split_heading(lines: list[str]) -> tuple[re.Match[str] | None, list[str]]:
    """Return the page's own date, if shown, and the lines below the heading.

    What was searched for stands on a line of its own between the lines of the heading. Behind the
    date, a title and its abstract end the heading, however short they are.
    """
    start = next(number for number, line in enumerate(lines) if _MARK in line)
    looked_at, end, seen, unknown = None, start, 0, 0
    for number in range(start, len(lines)):
        line = lines[number]
        if line.startswith("Subscribe") and line != "Subscribe":
            return looked_at, [line.removeprefix("Subscribe"), *lines[number + 1 :]]
        seen += bool(line)
        is_body = bool(_AUTHORS.fullmatch(line)) or line == _DOT or len(line) > _LONGEST_HEADING
        is_body |= looked_at is not None and unknown > 1
        if (is_body and _MARK not in line) or seen > _MOST_HEADING_LINES:
            break
        shown = _DATE.fullmatch(line)
        if (shown and not shown[3]) or _HEADING.fullmatch(line):
            looked_at, end, unknown = shown or looked_at, number + 1, 0
        else:
            unknown += bool(line)
    return looked_at, lines[end:]


def _items(lines: list[str]) -> Iterator[_Item]:
    lines = _without_footer(lines)
    if any(_AUTHORS.fullmatch(line) or line == _DOT for line in lines):
        return _dated_items(lines)
    return _alternating_items(_paragraphs(lines))


def _without_footer(lines: list[str]) -> list[str]:
    """Leave out the links to other pages, and whatever the site has below them."""
    first = max(0, len(lines) - _FOOTER_WITHIN)
    shown = [number for number in range(first, len(lines)) if lines[number]]
    for number, after in pairwise(shown):
        words = (lines[number], lines[after])
        if words in (("Company", "TOS"), ("TOS", "Privacy")):
            return lines[:number]
        if words[0] == "Previous" and _FOOTER.fullmatch(words[1]):
            return lines[:number]
    end = len(lines)
    while end and (not lines[end - 1] or _FOOTER.fullmatch(lines[end - 1])):
        end -= 1
    footer = [line for line in lines[end:] if line]
    return lines[:end] if {"Previous", "Next"} & set(footer) else lines


def _paragraphs(lines: list[str]) -> list[str]:
    """Return blocks between blank lines; where there are none, every line is a paragraph."""
    if "" not in lines:
        return lines
    blocks = "\n".join(lines).split("\n\n")
    return [" ".join(block.split("\n")).strip() for block in blocks if block.strip()]


def _alternating_items(paragraphs: list[str]) -> Iterator[_Item]:
    """Title, abstract, title, ...; a paragraph too long for a title goes on with the abstract."""
    item = _Item()
    for paragraph in paragraphs:
        is_number = _NUMBER.fullmatch(paragraph) is not None
        if len(item.paragraphs) >= 2 and len(paragraph) <= _LONGEST_TITLE:
            yield item
            item = _Item()
        if is_number and not item.paragraphs:
            item.number_before = paragraph
        else:
            item.paragraphs.append(paragraph)
    if item.paragraphs:
        yield item


def _dated_items(lines: list[str]) -> Iterator[_Item]:
    """Each paper ends with its lines of authors or organisation, dot and date."""
    item = _Item()
    has_ended = False
    for line in filter(None, lines):
        shown = _DATE.fullmatch(line)
        if _AUTHORS.fullmatch(line) or line == _DOT or (shown and has_ended):
            if line == _DOT and not has_ended:
                _part_organisation(item)
            has_ended = True
            item.shown_date = shown or item.shown_date
            if shown and shown[4]:
                item.numbers_after.append(shown[4])
            continue
        if has_ended and _NUMBER.fullmatch(line):
            item.numbers_after.append(line)
            continue
        if has_ended:
            yield item
            item, has_ended = _Item(number_before=None), False
        if not item.paragraphs and _NUMBER.fullmatch(line):
            item.number_before = line
        else:
            item.paragraphs.append(line)
    if item.paragraphs:
        yield item


def _part_organisation(item: _Item) -> None:
    """Take the line before the dot for an organisation: behind an abstract, short, no sentence."""
    last = item.paragraphs[-1] if len(item.paragraphs) > 2 else ""
    if last and len(last) <= _LONGEST_NAME and not last.endswith("."):
        item.organisation = _PICTURE_NAME.sub("", item.paragraphs.pop(), count=1)


def _say_unknown(items: list[_Item]) -> str | None:
    """Return which lines the layout does not know: neither title, abstract nor what ends a paper.

    A title is followed by its abstract, whose paragraphs are sentences. Where a short line that is
    none follows, one of the two is something else, such as an advertisement.
    """
    for item in items:
        title, *rest = item.paragraphs or [""]
        aside = next((line for line in rest if _is_aside(line)), None)
        if aside is not None:
            where = f"the lines {title[:80]!r} and {aside[:80]!r}"
            return f"{where} are no title and abstract: the layout knows no line that stands there"
    if len(items) > 1 and items[0].shown_date and not items[-1].shown_date:
        *_, last = items[-1].paragraphs or [""]
        if len(items[-1].paragraphs) == 1 and _is_aside(last):
            return f"the line {last[:80]!r} behind the last paper is none that the layout knows"
    return None


def _is_aside(line: str) -> bool:
    ends = line.endswith(_SENTENCE_END) or "://" in line.rpartition(" ")[2]
    return len(line) <= _LONGEST_ASIDE and not ends


def _place_numbers(items: list[_Item]) -> None:
    """Tell votes and comments, where the first paper and each one behind it has a vote or dash."""
    if len(items) < 2 or not items[0].number_before or not all(i.numbers_after for i in items[:-1]):
        return
    for item, following in pairwise(items):
        *comments, following.number_before = item.numbers_after
        item.numbers_after = comments
    for item in items:
        if len(item.numbers_after) == 1:
            item.comments = item.numbers_after.pop()


def _entry(
    position: int, item: _Item, year: int | None, votes_are_shown: bool, misfits: list[Misfit]
) -> Entry:
    title, *abstract = item.paragraphs or [""]
    published = None
    if item.shown_date:
        shown_year = int(item.shown_date[3]) if item.shown_date[3] else year
        published = _date(item.shown_date, shown_year)
        if published is None and shown_year is not None:
            shown = item.shown_date[0]
            reason = f"published_date is {shown!r}, a day that does not exist"
            misfits.append(Misfit(position, "published_date", "not_a_date", reason, shown))
    read = Reader(position, misfits)
    if item.number_before and not votes_are_shown and item.number_before != "-":
        reason = f"{item.number_before} before the title is no vote count: other papers show none"
        misfits.append(Misfit(position, "votes", "ambiguous", reason, item.number_before))
    for number in item.numbers_after:
        if number == "-":
            continue
        reason = f"{number} behind the date is a comment count or the next paper's votes"
        misfits.append(Misfit(position, "comments", "ambiguous", reason, number))
    return Entry(
        position,
        title=title,
        abstract=" ".join(abstract) or None,
        published_date=published.isoformat() if published else None,
        votes=read.count("votes", item.number_before) if votes_are_shown else None,
        comments=read.count("comments", item.comments),
        organisation=item.organisation,
    )


def _date(shown: re.Match[str], year: int | None) -> date | None:
    """Return the shown day in a year; None without a year, or where there is no such day."""
    try:
        return date(year, _MONTHS.index(shown[1]) + 1, int(shown[2])) if year is not None else None
    except ValueError:
        return None


def _find(text: str) -> Found[str] | None:
    if not is_hf_search_text(text):
        return None
    if is_trending_text(text):
        raise UnknownFormatError(_TRENDING_REFUSED)
    return Found(text)


FORMAT = Format(
    name="hf_search_text",
    parser_version="hf_search_text/5",
    feed_id="hf-search",
    parse=parse,
    from_text=_find,
)
