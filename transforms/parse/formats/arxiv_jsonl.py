"""JSON lines (or one array) of arXiv metadata: ``id``, ``title``, ``summary``, ``categories``, ...

Also in the spelling of arXiv's own bulk snapshot (``abstract``, ``authors`` and ``categories`` as
texts, ``versions``), and with an object around the list. A line that is no JSON is a rejected
entry, not a refused file.
"""

import math
from typing import Any

from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.formats.base import Format, Found
from transforms.parse.readers.arxiv_ids import arxiv_id, base_id
from transforms.parse.readers.day_lists import (
    DayLists,
    state_listed_days,
    stated_day,
    unfold_days,
)
from transforms.parse.readers.envelopes import say_failure, says_there_is_more
from transforms.parse.readers.field_values import says_withdrawn, state_in_words
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.json_lines import Broken, first_objects, read_lines
from transforms.parse.readers.limits import bounded

_LISTS = ("papers", "entries", "items", "results", "articles", "data")
_LISTED = "arxiv-new"
"""The feed of what says of which day's list it is."""
_IDS = ("id", "arxiv_id", "arxivId", "paper_id", "entry_id")
_LINKS = (
    "abs", "abs_url", "url", "link", "pdf", "pdf_url", "arxiv_url", "arxiv_link", "abstract_url",
    "pdf_link", "paper_url", "url_abs", "url_pdf",
)  # fmt: skip
_ABSTRACTS = ("abstract", "summary")
_CATEGORIES = ("categories", "subjects")
_PUBLISHED = (
    "published", "published_at", "published_date", "publishedAt", "publish_date", "publish_time",
    "created", "submitted", "submitted_date",
)  # fmt: skip
_COMMENTS = ("comments", "comment")
_JOURNALS = ("journal-ref", "journal_ref", "journal_reference")
_LICENCES = ("license", "licence")
_ANNOUNCED = ("announce_type", "announceType")
_WITHDRAWN_AT = ("withdrawn_at", "withdrawnAt", "withdrawn_date")
_MARKS = ("withdrawn", "is_withdrawn", "retracted", "is_retracted")
_STATE = "status"
_IGNORED = {
    "doi", "report-no", "updated",
    "updated_at", "updated_date", "update_date", "authors_parsed", "primary_category", "versions",
    "AI",  # a machine's words about the paper
}  # fmt: skip
_KNOWN = {
    "title", "authors", "submitter", *_CATEGORIES, *_IDS, *_LINKS, *_ABSTRACTS, *_PUBLISHED,
    *_COMMENTS, *_JOURNALS, *_LICENCES, *_ANNOUNCED, *_WITHDRAWN_AT, *_MARKS, _STATE,
} | _IGNORED  # fmt: skip
_ALWAYS_THERE = ("authors", "categories", "title")


def is_arxiv_entry(value: object) -> bool:
    """Tell whether a JSON value is one paper of arXiv as these files have them."""
    if not isinstance(value, dict) or "title" not in value or "upvotes" in value:
        return False
    texts = [text for name in (*_IDS, *_LINKS) if isinstance(text := value.get(name), str)]
    if any("huggingface.co/" in text for text in texts):
        return False  # somebody's list of that site's papers, whose text is not arXiv's
    return any(name in value for name in _ABSTRACTS) and any(map(arxiv_id, texts))


def is_arxiv_jsonl(document: object) -> bool:
    """Tell whether a body of lines, or a decoded JSON document, holds such papers."""
    if isinstance(document, bytes):
        return any(map(is_arxiv_entry, first_objects(document)))
    if isinstance(document, list):
        return any(map(is_arxiv_entry, document[:20]))
    return is_arxiv_entry(document) or _list_in(document) is not None


def _find(document: Any) -> Found[Any] | None:
    """Return a body, and as its feed that of lists by day where it says of which days it is."""
    if is_arxiv_jsonl(document):
        is_dated = isinstance(document, dict) and not is_arxiv_entry(document)
        return Found(document, _LISTED if is_dated and stated_day(document) else None)
    dated = unfold_days(document)
    if dated is None or not any(map(is_arxiv_entry, dated.rows[:20])):
        return None
    return Found(dated, _LISTED)


def _list_in(document: object) -> list[Any] | None:
    """Return the list of papers that an object has been put around."""
    if not isinstance(document, dict):
        return None
    lists = (value for name in _LISTS if isinstance(value := document.get(name), list))
    return next((found for found in lists if any(map(is_arxiv_entry, found[:20]))), None)


def parse(document: Any, context: Context) -> Parsed:
    """Read one file: bytes of lines, a list of objects, or one object. A list's date is in what
    stands around it, or nowhere.
    """
    dated = document if isinstance(document, DayLists) else None
    sources = read_lines(document) if isinstance(document, bytes) else document
    sources = dated.rows if dated else sources
    parsed = Parsed()
    shown: set[str] = set()
    if isinstance(sources, dict) and not is_arxiv_entry(sources):
        listed = _list_in(sources) or []
        parsed.is_cut = says_there_is_more(sources, len(listed))
        parsed.envelope_error = say_failure(sources)
        parsed.feed_date = stated_day(sources)
        sources = listed
    elif isinstance(sources, dict):
        sources = [sources]
    found = bounded(sources, parsed)
    for position, source in enumerate(found):
        if isinstance(source, dict):
            parsed.payloads.append(source)
            shown.update(source)
            parsed.unknown_fields.update(source.keys() - _KNOWN)
            read = Reader(position, parsed.misfits, context.link_hosts)
            parsed.entries.append(_entry(source, read))
            continue
        broken = source if isinstance(source, Broken) else None
        reason = broken.reason if broken else f"the entry is {type(source).__name__}, no object"
        value = (broken.text if broken else repr(source))[:200]
        parsed.payloads.append(broken.text if broken else source)
        parsed.misfits.append(Misfit(position, "entry", "shape", reason[:200], value))
        parsed.entries.append(Entry(position))
    if dated:
        state_listed_days(dated, parsed)
    if shown:
        parsed.vanished_fields = [name for name in _ALWAYS_THERE if name not in shown]
    return parsed


def _entry(source: dict[str, Any], read: Reader) -> Entry:
    published = _first(source, _PUBLISHED)
    versions = _versions(source)
    identifier = _identifier(source, read)
    if identifier and versions and base_id(identifier) == identifier:
        identifier = f"{identifier}v{len(versions)}"
    is_day = isinstance(published, str) and len(published.strip()) <= 10
    return Entry(
        read.position,
        identifier,
        read.text("title", _shown(source, "title")),
        read.text("abstract", _first(source, _ABSTRACTS)),
        _parted_names(source.get("authors_parsed"))
        or read.names("authors", _shown(source, "authors")),
        published_at=None
        if is_day
        else read.time("published_at", published or (versions or [None])[0]),
        published_date=read.day("published_date", published) if is_day else None,
        submitter=read.text("submitter", _shown(source, "submitter")),
        categories=_categories(read, _first(source, _CATEGORIES), source.get("primary_category")),
        announce_type=read.text("announce_type", _first(source, _ANNOUNCED)),
        author_comment=_comment(source),
        journal_ref=read.text("journal_ref", _first(source, _JOURNALS)),
        licence=read.text("licence", _first(source, _LICENCES)),
        **_withdrawal(source, read),
    )


def _comment(source: dict[str, Any]) -> str | None:
    """Return what the authors say beside the abstract; ``comments`` may be a number of them."""
    values = (_shown(source, name) for name in _COMMENTS)
    return next((value for value in values if isinstance(value, str)), None)


def _withdrawal(source: dict[str, Any], read: Reader) -> dict[str, Any]:
    """Return when the paper was withdrawn, and whether it, or its newest version, is marked so."""
    withdrawn = _first(source, _WITHDRAWN_AT)
    told = says_withdrawn(withdrawn)
    withdrawn_at = withdrawn if told is None else None
    versions = source.get("versions")
    newest = versions[-1] if isinstance(versions, list) and versions else None
    is_newest = isinstance(newest, dict) and _is_marked_withdrawn(newest)
    if isinstance(newest, dict) and is_newest and not withdrawn_at:
        withdrawn_at = newest.get("created")
    marks = (says_withdrawn(source.get(name)) for name in _MARKS)
    is_marked = is_newest or told or state_in_words(source.get(_STATE)) or any(marks)
    return {
        "withdrawn_at": read.time("withdrawn_at", withdrawn_at),
        "is_withdrawn": True if withdrawn_at or is_marked else None,
    }


def _is_marked_withdrawn(version: dict[str, Any]) -> bool:
    """Tell whether a version is marked as withdrawn, by a flag or in so many words."""
    is_said = any(map(state_in_words, version.values()))
    return is_said or any(says_withdrawn(version.get(name)) for name in _MARKS)


def _identifier(source: dict[str, Any], read: Reader) -> str | None:
    """Return the id that id and links agree in.

    A number is no id: 2503.02130 would have lost its last digit.
    """
    own = read.text("source_id", _first(source, _IDS))
    if own is None and any(_shown(source, name) is not None for name in _IDS):
        return None
    links = [link for name in _LINKS if isinstance(link := source.get(name), str)]
    noted = len(read.misfits)
    found = read.identifier([own, *links])
    return found or (own if len(read.misfits) == noted else None)


def _versions(source: dict[str, Any]) -> list[str | None] | None:
    """Return when each version came, as the snapshot tells it."""
    versions = source.get("versions")
    if not isinstance(versions, list) or not 0 < len(versions) < 1_000:
        return None
    shown = (version.get("created") if isinstance(version, dict) else None for version in versions)
    return [time if isinstance(time, str) else None for time in shown]


def _parted_names(parted: object) -> list[str] | None:
    """Return the names that the snapshot has in parts: surname, forenames, suffix, affiliations.

    They are whole where the text of all authors has LaTeX for accents and commas within names.
    """
    if not isinstance(parted, list) or not parted:
        return None
    names = []
    for parts in parted:
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts[:3]):
            return None
        last, *rest = parts[:3] or [""]
        names.append(" ".join(part for part in (*rest[:1], last, *rest[1:]) if part))
    return names if all(names) else None


def _categories(read: Reader, codes: object, primary: object) -> list[str] | None:
    """Return the codes, the primary one first where it is named."""
    named = read.categories("categories", codes)
    if not named:
        return named
    first = [primary] if isinstance(primary, str) and primary in named else []
    return list(dict.fromkeys([*first, *named]))


def _first(source: dict[str, Any], names: tuple[str, ...]) -> object:
    values = (_shown(source, name) for name in names)
    return next((value for value in values if value is not None), None)


def _shown(source: dict[str, Any], name: str) -> object:
    """Return a value; an empty text is none, and so is what pandas writes for a missing one."""
    value = source.get(name)
    is_nan = isinstance(value, float) and math.isnan(value)
    return None if is_nan or (isinstance(value, str) and not value.strip()) else value


FORMAT = Format(
    name="arxiv_jsonl",
    parser_version="arxiv_jsonl/6",
    feed_id="arxiv-harvest",
    dated_feed_id=_LISTED,
    parse=parse,
    from_json=_find,
    from_json_lines=_find,
)
