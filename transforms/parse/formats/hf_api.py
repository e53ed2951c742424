"""Bodies of the Hugging Face daily_papers API, in every shape seen since May 2024."""

from collections import Counter
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.formats.base import Format, Found
from transforms.parse.formats.hf_api_typed import (
    MOST_ENTRIES,
    TypedBody,
    decode,
    read_entries,
    read_payloads,
)
from transforms.parse.readers.day_lists import DayLists, state_listed_days, unfold_days
from transforms.parse.readers.envelopes import ENVELOPE, say_failure, says_there_is_more
from transforms.parse.readers.field_values import says_withdrawn
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.json_lines import Broken, first_objects, read_lines
from transforms.parse.readers.list_days import state_days
from transforms.parse.readers.written_objects import evaluate
from transforms.years import PLAUSIBLE_YEARS

_EMPTY_STATUS = "no_data"
_GOOD_STATUS = ("success", "ok", "200", 200, None)
_ENVELOPE_KNOWN = {"status", "date", "data", "message", *ENVELOPE}
_LISTS = ("dailyPapers", "papers", "data", "items", "results")
"""Where others who keep such bodies put the list; ``dailyPapers`` is the site's own name."""
_OF_A_BARE_PAPER = {"publishedAt", "submittedOnDailyAt", "submittedOnDailyBy", "discussionId"}

_ENTRY_READ = {
    "paper",
    "publishedAt",
    "title",
    "summary",
    "numComments",
    "submittedBy",
    "withdrawnAt",
}
_ENTRY_IGNORED = {
    "mediaUrl",
    "mediaUrls",
    "thumbnail",
    "isAuthorParticipating",
    "organization",  # the same as paper.organization
}
_PAPER_READ = {
    "id",
    "authors",
    "publishedAt",
    "submittedOnDailyAt",
    "submittedOnDailyBy",
    "title",
    "summary",
    "upvotes",
    "discussionId",
    "githubRepo",
    "githubStars",
    "projectPage",
    "ai_keywords",
    "organization",
    "withdrawnAt",
}
_PAPER_IGNORED = {
    "mediaUrls",
    "ai_summary_model",
    "ai_summary",  # a machine's words about the paper, not the paper's
    "githubRepoAddedBy",
}
_ENTRY_KNOWN = _ENTRY_READ | _ENTRY_IGNORED
_PAPER_KNOWN = _PAPER_READ | _PAPER_IGNORED
_ALWAYS_THERE = ("authors", "publishedAt", "summary", "upvotes")
"""Optional fields of a paper that every body has had so far: their absence is told as drift."""


def is_hf_api(document: object) -> bool:
    """Tell whether a decoded JSON document is a body of this API."""
    if type(document) is int and document == 1:
        return True
    if isinstance(document, dict):
        is_envelope = "status" in document and ("data" in document or "date" in document)
        return is_envelope or _list_name(document) is not None
    if isinstance(document, list):
        return len(document) <= MOST_ENTRIES and (not document or any(map(is_entry, document)))
    return False


def is_entry(value: object) -> bool:
    """Tell whether a JSON value is an entry of a list: an object, or a text that stands for one."""
    if isinstance(value, str):
        return value.lstrip().startswith(("{'paper'", '{"paper"'))
    return isinstance(value, dict) and (
        isinstance(value.get("paper"), dict) or _is_bare_paper(value)
    )


def _is_bare_paper(value: dict[str, Any]) -> bool:
    """Tell whether an object is what stands under ``paper``, on its own."""
    return {"id", "title", "upvotes"} <= value.keys() and not _OF_A_BARE_PAPER.isdisjoint(value)


def _list_name(document: dict[str, Any]) -> str | None:
    """Return the name under which an object that somebody has put around it holds the list."""
    for name in _LISTS:
        entries = document.get(name)
        if isinstance(entries, list) and (name == _LISTS[0] or any(map(is_entry, entries[:20]))):
            return name
    return None


def parse(document: Any, context: Context) -> Parsed:  # noqa: ARG001 - the signature of every parser
    """Read one body. The feed date that it states is the day on which all papers were listed."""
    parsed = Parsed()
    if isinstance(document, TypedBody):
        parsed.entries = list(read_entries(document.listed))
        parsed.read_payloads = partial(read_payloads, document.body)
        _state_days(parsed)
        return parsed
    dated = document if isinstance(document, DayLists) else None
    listed = dated.rows if dated else _unwrap(document, parsed)
    payloads = [evaluate(entry) if isinstance(entry, str) else entry for entry in listed]
    for position, source in enumerate(payloads):
        _read_entry(position, source, parsed)
    parsed.payloads = [p.text if isinstance(p, Broken) else p for p in payloads]
    _state_days(parsed)
    if dated:
        state_listed_days(dated, parsed)
    if parsed.entries:
        shown: Counter[str] = Counter()
        for payload in parsed.payloads:
            paper = _paper(payload)
            if paper is not None:
                shown.update(name for name in _ALWAYS_THERE if name in paper)
        parsed.vanished_fields = [f"paper.{name}" for name in _ALWAYS_THERE if not shown[name]]
    return parsed


def _unwrap(document: Any, parsed: Parsed) -> list[Any]:
    """Return the list of entries inside a body; what the envelope says goes to ``parsed``."""
    if not isinstance(document, dict):
        listed = document if isinstance(document, list) else []
        if len(listed) > MOST_ENTRIES:  # lines, of which no more were read
            parsed.envelope_error = f"more than {MOST_ENTRIES:,} entries"
        return listed
    status = document.get("status")
    entries = document.get(_list_name(document) or "data")
    if "status" in document:
        parsed.unknown_fields.update(document.keys() - _ENVELOPE_KNOWN)
    if document.get("periodType", "day") == "day":
        parsed.feed_date = _iso_date(document.get("date") or document.get("dateString"))
    if entries is None and status == _EMPTY_STATUS:
        return []
    if not isinstance(entries, list):
        shown = f"status {str(status)[:60]!r} with no list under 'data'"
        parsed.envelope_error = say_failure(document) or _with_message(shown, document)
        return []
    if len(entries) > MOST_ENTRIES:
        parsed.envelope_error = f"{len(entries):,} entries, more than {MOST_ENTRIES:,}"
        return []
    failure = say_failure(document)
    if failure or status not in _GOOD_STATUS:
        parsed.envelope_error = failure or _with_message(f"status {str(status)[:60]!r}", document)
    parsed.is_cut = says_there_is_more(document, len(entries))
    return entries


def _with_message(shown: str, document: dict[str, Any]) -> str:
    message = document.get("message")
    return f"{shown}: {message[:200]}" if isinstance(message, str) and message else shown


def _read_entry(position: int, source: Any, parsed: Parsed) -> None:
    misfits = parsed.misfits
    paper = _paper(source)
    if paper is None:
        reason = f"the entry is {type(source).__name__} without an object 'paper'"
        if isinstance(source, Broken):
            reason, source = source.reason, source.text
        misfits.append(Misfit(position, "entry", "shape", reason[:200], repr(source)[:200]))
        parsed.entries.append(Entry(position))
        return
    if paper is source:
        source = {}
    if not source.keys() <= _ENTRY_KNOWN:
        parsed.unknown_fields.update(source.keys() - _ENTRY_KNOWN)
    if not paper.keys() <= _PAPER_KNOWN:
        parsed.unknown_fields.update(f"paper.{name}" for name in paper.keys() - _PAPER_KNOWN)
    parsed.entries.append(_entry(source, paper, Reader(position, misfits)))


def _paper(source: Any) -> dict[str, Any] | None:
    """Return the paper of an entry, which may be the entry itself; None where there is none."""
    if not isinstance(source, dict):
        return None
    paper = source.get("paper")
    if isinstance(paper, dict):
        return paper
    return source if _is_bare_paper(source) else None


def _entry(source: dict[str, Any], paper: dict[str, Any], read: Reader) -> Entry:
    get = paper.get
    abstract = get("summary")
    withdrawn = get("withdrawnAt") or source.get("withdrawnAt")
    is_withdrawn = says_withdrawn(withdrawn)
    identifier = read.text("source_id", get("id"))
    return Entry(
        read.position,
        read.identifier([identifier]) or identifier,
        read.text("title", get("title", source.get("title"))),
        read.text("abstract", source.get("summary") if abstract is None else abstract),
        read.names("authors", get("authors")),
        read.shown_time("published_at", get("publishedAt")),
        read.shown_time("submitted_at", get("submittedOnDailyAt")),
        read.shown_time("listed_at", source.get("publishedAt")),
        None,
        read.count("votes", get("upvotes")),
        read.count("comments", source.get("numComments")),
        read.count("stars", get("githubStars")),
        _organisation(read, get("organization")),
        _submitter(read, source, paper),
        read.text("github_url", get("githubRepo")),
        read.text("project_url", get("projectPage")),
        read.texts("keywords", get("ai_keywords")),
        None,
        read.text("discussion_id", get("discussionId")),
        withdrawn_at=read.shown_time("withdrawn_at", withdrawn) if is_withdrawn is None else None,
        is_withdrawn=None if is_withdrawn is False else True,
    )


def _organisation(read: Reader, organisation: object) -> str | None:
    if organisation is None:
        return None
    return read.text("organisation", read.mapping("organisation", organisation).get("name"))


def _submitter(read: Reader, source: dict[str, Any], paper: dict[str, Any]) -> str | None:
    submitted_by = source.get("submittedBy")
    if submitted_by is not None:
        return read.text("submitter", read.mapping("submitter", submitted_by).get("name"))
    submitted_by = paper.get("submittedOnDailyBy")
    if submitted_by is not None:
        return read.text("submitter", read.mapping("submitter", submitted_by).get("user"))
    return None


def _state_days(parsed: Parsed) -> None:
    """Note the days on which the papers were listed; most captures state one and the same."""
    times = [entry.submitted_at for entry in parsed.entries]
    day_of = {time: _iso_date(time) for time in set(times)}
    state_days([day_of[time] for time in times], parsed)


def _iso_date(text: object) -> date | None:
    try:
        day = date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None
    return day if day and day.year in PLAUSIBLE_YEARS else None


def _find_usual(body: bytes) -> Found[Any] | None:
    usual = decode(body)
    return None if usual is None else Found(usual)


def _find_json(document: Any) -> Found[Any] | None:
    return Found(document) if is_hf_api(document) else _find_days(document)


def _find_days(document: Any) -> Found[Any] | None:
    """Return the lists of several days, also where all of them are empty."""
    dated = unfold_days(document)
    if dated is None or len(dated.rows) > MOST_ENTRIES:
        return None
    is_empty = not dated.rows and dated.only is not None
    return Found(dated) if is_empty or any(map(is_entry, dated.rows)) else None


def _find_lines(body: bytes) -> Found[Any] | None:
    if not any(map(is_entry, first_objects(body))):
        return _find_days(body)
    return Found(list(islice(read_lines(body), MOST_ENTRIES + 1)))


FORMAT = Format(
    name="hf_api",
    parser_version="hf_api/8",
    feed_id="hf-daily",
    parse=parse,
    from_usual_json=_find_usual,
    from_json=_find_json,
    from_json_lines=_find_lines,
    yields_lines=True,
)
