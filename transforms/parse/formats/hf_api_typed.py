"""The usual body of the daily_papers API, decoded straight into types: half the time and memory.

Any body that is not of exactly this shape is left to the general reader of ``hf_api``, which gives
the same entries for the same bytes; a property test holds the two against each other.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import orjson

from transforms.arxiv import NEW_ID
from transforms.parse.entry import Entry
from transforms.parse.readers.field_values import shown_time
from transforms.parse.readers.names import needs_tidying

_Count = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_Ignored = msgspec.Raw
_NOTHING = msgspec.Raw()
_PLAIN_ID = re.compile(NEW_ID)


class _Author(msgspec.Struct, gc=False):
    name: str


class _Account(msgspec.Struct, gc=False):
    name: str | None = None
    user: str | None = None


class _Paper(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    id: str
    title: str
    summary: str
    authors: list[_Author]
    publishedAt: str  # noqa: N815 - the source's names, as below
    upvotes: _Count
    submittedOnDailyAt: str | None = None  # noqa: N815
    submittedOnDailyBy: _Account | None = None  # noqa: N815
    discussionId: str | None = None  # noqa: N815
    githubRepo: str | None = None  # noqa: N815
    githubStars: _Count | None = None  # noqa: N815
    projectPage: str | None = None  # noqa: N815
    ai_keywords: list[str] | None = None
    organization: _Account | None = None
    withdrawnAt: str | None = None  # noqa: N815
    mediaUrls: _Ignored = _NOTHING  # noqa: N815
    ai_summary: _Ignored = _NOTHING
    ai_summary_model: _Ignored = _NOTHING
    githubRepoAddedBy: _Ignored = _NOTHING  # noqa: N815


class _Listed(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    paper: _Paper
    publishedAt: str | None = None  # noqa: N815
    numComments: _Count | None = None  # noqa: N815
    submittedBy: _Account | None = None  # noqa: N815
    withdrawnAt: str | None = None  # noqa: N815
    title: _Ignored = _NOTHING
    summary: _Ignored = _NOTHING
    mediaUrl: _Ignored = _NOTHING  # noqa: N815
    mediaUrls: _Ignored = _NOTHING  # noqa: N815
    thumbnail: _Ignored = _NOTHING
    isAuthorParticipating: _Ignored = _NOTHING  # noqa: N815
    organization: _Ignored = _NOTHING


MOST_ENTRIES = 20_000
"""A page of the API holds a hundred; a longer list is nothing of ours."""

_DECODER = msgspec.json.Decoder(Annotated[list[_Listed], msgspec.Meta(max_length=MOST_ENTRIES)])


@dataclass(frozen=True)
class TypedBody:
    """A body of the usual shape, decoded."""

    listed: list[_Listed]
    body: bytes


def read_payloads(body: bytes) -> list[Any]:
    """Return the entries of a body as the source has them, everything included."""
    try:
        payloads: list[Any] = orjson.loads(body)
    except orjson.JSONDecodeError:
        # a number beyond all doubles in a field that nobody reads
        payloads = json.loads(body)
    return payloads


def decode(body: bytes) -> TypedBody | None:
    """Return a body of the usual shape; None for any other, whatever is unusual about it."""
    try:
        if not body.isascii():
            # what is ignored is not decoded, and must be UTF-8 all the same
            body.decode()
        listed = _DECODER.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if not all(map(_is_plain, listed)):
        return None
    names = [author.name for shown in listed for author in shown.paper.authors]
    # a list of authors that is not one name each is for the general reader
    return None if needs_tidying(names) else TypedBody(listed, body)


def _is_plain(shown: _Listed) -> bool:
    """Tell whether id and withdrawal are as the source itself writes them."""
    withdrawn_at = shown.paper.withdrawnAt or shown.withdrawnAt
    is_time = not withdrawn_at or withdrawn_at[4:5] == "-"
    return is_time and _PLAIN_ID.fullmatch(shown.paper.id) is not None


def read_entries(listed: list[_Listed]) -> Iterator[Entry]:
    """Yield the entries of a decoded body in order."""
    for position, shown in enumerate(listed):
        paper = shown.paper
        withdrawn_at = paper.withdrawnAt or shown.withdrawnAt or None
        yield Entry(
            position,
            paper.id,
            paper.title,
            paper.summary,
            [author.name for author in paper.authors],
            shown_time(paper.publishedAt),
            shown_time(paper.submittedOnDailyAt),
            shown_time(shown.publishedAt),
            None,
            paper.upvotes,
            shown.numComments,
            paper.githubStars,
            paper.organization.name if paper.organization else None,
            _submitter(shown),
            paper.githubRepo,
            paper.projectPage,
            paper.ai_keywords,
            None,
            paper.discussionId,
            withdrawn_at=withdrawn_at,
            is_withdrawn=True if withdrawn_at else None,
        )


def _submitter(shown: _Listed) -> str | None:
    if shown.submittedBy is not None:
        return shown.submittedBy.name
    submitted_by = shown.paper.submittedOnDailyBy
    return submitted_by.user if submitted_by else None
