"""arXiv's own announcements: RSS 2.0 and Atom of rss.arxiv.org, and the RDF that they replaced.

New papers, cross-lists and replacements stand in one list; a replacement shows a version above 1.
"""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from transforms.parse.entry import Context, Entry, Parsed
from transforms.parse.formats.base import Format, where
from transforms.parse.readers.field_values import looked_at, read_time
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.limits import bounded
from transforms.parse.readers.list_days import state_days
from transforms.parse.readers.markup import Reply, plain_text, unescape
from transforms.parse.readers.names import tidy_names
from transforms.parse.readers.syndication import (
    Channel,
    Item,
    is_syndication,
    read_channel,
    read_items,
)

_TITLE = re.compile(
    r"(.*?)\.?\s?\(arXiv:(\S{5,40}?)\s?\[([\w.-]{2,20})\]((?:\s(?:UPDATED|CROSS LISTED))*)\)",
    re.DOTALL,
)
_ANNOUNCED = re.compile(r"\s*(arXiv:\S{5,40})\s+Announce Type:\s*([a-z_-]+)\s*", re.IGNORECASE)
_OWN_LINK = re.compile(r"https?://(?:rss|export)\.arxiv\.org/(?:rss|atom)/")
_ABSTRACT = re.compile(r"\s*Abstract:\s*", re.IGNORECASE)
ERROR_TITLE = "Feed error for query"
"""How the feed begins that arXiv answers with where it cannot answer a query."""
_EASTERN = ZoneInfo("America/New_York")
_ANNOUNCED_FROM_HOUR = 20
"""Eastern: what is announced in the evening is the list of the next day."""


def is_arxiv_rss(document: Reply) -> bool:
    """Tell whether a feed is arXiv's, by its title, where it comes from, or its first item."""
    if not is_syndication(document):
        return False
    channel = read_channel(document)
    if channel.title.startswith(ERROR_TITLE):
        return True
    if "arxiv.org" in channel.title.lower() or any(map(_OWN_LINK.match, channel.links)):
        return True
    first = next(iter(read_items(document)), None)
    if not isinstance(first, Item):
        return False
    is_announced = first.announce_type or any(map(_ANNOUNCED.match, first.bodies))
    return bool(is_announced or _TITLE.fullmatch(first.title or ""))


def parse(document: Reply, context: Context) -> Parsed:
    """Read one list. Its date is the day, in arXiv's own zone, whose list was announced."""
    channel = read_channel(document)
    parsed = Parsed()
    items = [i for i in bounded(read_items(document), parsed) if isinstance(i, Item)]
    parsed.feed_date = _list_date(channel, items)
    parsed.captured_at, parsed.captured_after = looked_at(channel.built_at)
    if channel.title.startswith(ERROR_TITLE):
        said = ": ".join(filter(None, (channel.title, channel.description)))
        parsed.envelope_error = f"arXiv answered with an error: {said}"[:300]
    for position, item in enumerate(items):
        parsed.payloads.append(item.source)
        parsed.entries.append(_entry(item, Reader(position, parsed.misfits, context.link_hosts)))
    state_days([_list_day(item.listed_at) for item in items], parsed)
    return parsed


def _entry(item: Item, read: Reader) -> Entry:
    title = unescape(item.title or "")
    suffixed = _TITLE.fullmatch(title)
    announced = next(filter(None, map(_ANNOUNCED.match, item.bodies)), None)
    named = [f"arXiv:{suffixed[2]}"] if suffixed else []
    if announced:
        named.append(announced[1])
    codes = item.categories or ([suffixed[3]] if suffixed else [])
    return Entry(
        read.position,
        read.identifier([*item.identifiers, *named]) or next(iter(item.identifiers), None),
        (suffixed[1] if suffixed else title).strip() or None,
        _abstract(item.bodies),
        _authors(item, read),
        listed_at=read.time("listed_at", item.listed_at),
        categories=codes or None,
        announce_type=_announce_type(item, announced, suffixed),
        author_comment=item.author_comment,
        journal_ref=item.journal_ref,
        licence=item.rights,
    )


def _authors(item: Item, read: Reader) -> list[str] | None:
    """Return the names; each element may hold one or all of them."""
    texts = list(map(plain_text, item.authors))
    listed = read.names("authors", texts[0] if len(texts) == 1 else texts or None)
    return [name for text in listed or () for name in tidy_names([text])] or None


def _announce_type(
    item: Item, announced: re.Match[str] | None, suffixed: re.Match[str] | None
) -> str | None:
    """Return how the paper is announced; the feeds of old mark what is not new in the title."""
    if stated := item.announce_type or (announced and announced[2]):
        return stated.strip().lower()
    if suffixed is None:
        return None
    is_cross = "CROSS LISTED" in suffixed[4]
    if "UPDATED" in suffixed[4]:
        return "replace-cross" if is_cross else "replace"
    return "cross" if is_cross else "new"


def _abstract(bodies: list[str]) -> str | None:
    for body in bodies:
        announced = _ANNOUNCED.match(body)
        text = body[announced.end() :] if announced else body
        labelled = _ABSTRACT.match(text)
        text = plain_text(text[labelled.end() :] if labelled else text).strip()
        if text:
            return text
    return None


def _list_date(channel: Channel, items: list[Item]) -> date | None:
    """Return the day that the channel or all of its items state."""
    texts = {item.listed_at for item in items} if items else set()
    stated = channel.published_at or (texts.pop() if len(texts) == 1 else None)
    return _list_day(stated) or (None if items else _day_renewed(channel.built_at))


def _list_day(stated: str | None) -> date | None:
    """Return the day whose list was announced at a time, in arXiv's own zone."""
    instant = read_time(stated)
    if instant is None:
        return None
    return instant.date() + timedelta(days=instant.hour >= _ANNOUNCED_FROM_HOUR)


def _day_renewed(built_at: str | None) -> date | None:
    """Return the day of an empty list that says only when it was renewed: arXiv does so at midnight
    of its own zone.
    """
    renewed = read_time(built_at)
    local = renewed.astimezone(_EASTERN) if renewed else None
    return local.date() if local and local.hour == 0 else None


FORMAT = Format(
    name="arxiv_rss",
    parser_version="arxiv_rss/9",
    feed_id="arxiv-new",
    parse=parse,
    from_xml=where(is_arxiv_rss),
)
