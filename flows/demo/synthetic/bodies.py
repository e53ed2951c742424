"""Bodies of the daily_papers API, as it has answered at different times."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, log1p
from textwrap import fill
from typing import Any

import orjson

from flows.demo.synthetic.agenda import Look, at_midnight
from flows.demo.synthetic.papers import Paper

_SUBMITTER_ID = "73796e7468657469632d2d2d"
_SUBMITTER = {
    "_id": _SUBMITTER_ID,
    "avatarUrl": f"/avatars/{_SUBMITTER_ID}.svg",
    "isPro": False,
    "fullname": "paperstrata synthetic sample",
    "user": "paperstrata-synthetic",
    "type": "user",
    "name": "paperstrata-synthetic",
}
_SUBMITTED_BY = {
    key: value for key, value in (_SUBMITTER | {"isHf": False}).items() if key != "user"
}
_SINCE_2025 = ("ai_summary", "ai_keywords", "githubStars", "organization")
"""Fields of a paper that the older shapes do not have."""


@dataclass(frozen=True)
class Listed:
    """A paper in the list of a day."""

    paper: Paper
    paper_id: str
    feed_date: date
    later_title: str | None = None
    """The title that every look but the first one shows, where it changes."""
    is_late: bool = False
    """The look during the day does not show it yet."""

    @property
    def published_date(self) -> date:
        """Return the day, in UTC, on which the paper came out."""
        return self.feed_date - timedelta(days=self.paper.published_days_before)

    def title_at(self, look: Look) -> str:
        """Return the title that a look shows."""
        return self.paper.title if look.number == 0 else self.later_title or self.paper.title

    def votes_at(self, look: Look) -> int:
        """Return the votes that a look sees; they never fall."""
        quick = 1 - exp(-look.age_hours / self.paper.haste_hours)
        slow = 0.1 * log1p(look.age_hours / 24)
        return int(self.paper.popularity * (quick + slow))


def rank(listed: list[Listed], look: Look) -> list[Listed]:
    """Return what a look shows of a day's papers, the most voted first."""
    shown = [paper for paper in listed if look.number != 0 or not paper.is_late]
    return sorted(shown, key=lambda paper: (-paper.votes_at(look), paper.paper_id))


def make_entry(listed: Listed, look: Look) -> dict[str, Any]:
    """Return the entry of a paper in the shape of 2026, as a look shows it."""
    title = listed.title_at(look)
    votes = listed.votes_at(look)
    published = at_midnight(listed.published_date)
    entry: dict[str, Any] = {
        "paper": _make_paper(listed, title, votes, published),
        "publishedAt": _iso(published - timedelta(hours=4)),
        "title": title,
        "summary": listed.paper.abstract,
        "thumbnail": f"https://thumbnails.example.org/papers/{listed.paper_id}.png",
        "numComments": 1 + votes // 12,
        "submittedBy": _SUBMITTED_BY,
        "isAuthorParticipating": listed.paper.is_author_there,
    }
    if "organization" in entry["paper"]:
        entry["organization"] = entry["paper"]["organization"]
    return entry


def _make_paper(listed: Listed, title: str, votes: int, published: datetime) -> dict[str, Any]:
    paper = listed.paper
    submitted = at_midnight(listed.feed_date) + timedelta(seconds=paper.submitted_seconds)
    made: dict[str, Any] = {
        "id": listed.paper_id,
        "authors": [
            {"_id": author_id, "name": name, "hidden": False}
            for author_id, name in zip(paper.author_ids, paper.authors, strict=True)
        ],
        "publishedAt": _iso(published),
        "submittedOnDailyAt": _iso(submitted),
        "title": title,
        "submittedOnDailyBy": _SUBMITTER,
        "summary": paper.abstract,
        "upvotes": votes,
        "discussionId": paper.discussion_id,
        "ai_summary": paper.summary,
        "ai_keywords": paper.keywords,
    }
    if paper.has_repository:
        made["projectPage"] = f"https://{paper.name.lower()}.example.org/"
        made["githubRepo"] = f"https://code.example.org/synthetic/{paper.name.lower()}"
        made["githubStars"] = int(votes * paper.stars_per_vote)
    if paper.organisation is not None:
        name, fullname = paper.organisation
        avatar = f"https://avatars.example.org/{name}.png"
        made["organization"] = {"name": name, "fullname": fullname, "avatar": avatar}
    return made


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def write_body(entries: list[dict[str, Any]]) -> bytes:
    """Return the body of today's API."""
    return orjson.dumps(entries)


def write_repr_body(entries: list[dict[str, Any]]) -> bytes:
    """Return a list of Python reprs, as one observer kept bodies in the winter of 2024."""
    return orjson.dumps(_reprs(entries), option=orjson.OPT_INDENT_2)


def write_wrapped_body(entries: list[dict[str, Any]], feed_date: date) -> bytes:
    """Return Python reprs within an object that tells date and count, as in January 2025."""
    body = {
        "status": "success",
        "date": feed_date.isoformat(),
        "count": len(entries),
        "data": _reprs(entries),
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2)


def write_no_data_body(feed_date: date) -> bytes:
    """Return the object that stood for a day without a list in January 2025."""
    message = "No papers found for this date"
    body = {"status": "no_data", "date": feed_date.isoformat(), "message": message}
    return orjson.dumps(body, option=orjson.OPT_INDENT_2)


def _reprs(entries: list[dict[str, Any]]) -> list[str]:
    return [repr(_as_before_2025(entry)) for entry in entries]


def _as_before_2025(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry without the younger fields, its texts broken into lines as arXiv does."""
    title, summary = _break(entry["title"], "\n  "), _break(entry["summary"], "\n")
    paper = {name: value for name, value in entry["paper"].items() if name not in _SINCE_2025}
    texts = {"title": title, "summary": summary}
    older = {name: value for name, value in entry.items() if name != "organization"}
    return older | {"paper": paper | texts} | texts


def _break(text: str, newline: str) -> str:
    lines = fill(text, 76, break_on_hyphens=False, break_long_words=False)
    return lines.replace("\n", newline)
