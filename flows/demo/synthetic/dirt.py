"""What is planted beside good captures: flawed entries, unreadable files, a search page."""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flows.demo.synthetic.bodies import Listed

_PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
"""A PNG of one pixel."""
_SEARCH_HEADING = (
    "new",
    "Get trending papers in your email inbox!",
    "Subscribe",
    "Daily Papers",
    "byAK and the research community",
)

Spoiled = tuple[int, str, str | None]
"""Position and field of a flaw that was planted, and the paper's id where it can be read."""


def add_entry_without_title(entries: list[dict[str, Any]], extra: dict[str, Any]) -> Spoiled:
    """Insert an entry that has no title anywhere."""
    position = len(entries) // 3
    paper = {name: value for name, value in extra["paper"].items() if name != "title"}
    untitled = {name: value for name, value in extra.items() if name != "title"}
    entries.insert(position, untitled | {"paper": paper})
    return position, "title", paper["id"]


def add_entry_with_number_as_id(entries: list[dict[str, Any]], extra: dict[str, Any]) -> Spoiled:
    """Insert an entry whose id became a number on its way, as if it had passed a spreadsheet."""
    position = len(entries) // 2
    paper = extra["paper"] | {"id": float(extra["paper"]["id"])}
    entries.insert(position, extra | {"paper": paper})
    return position, "id", None


def make_votes_negative(entries: list[dict[str, Any]]) -> Spoiled:
    """Give an entry votes that cannot be."""
    paper = entries[1]["paper"]
    paper["upvotes"] = -3
    return 1, "upvotes", paper["id"]


def publish_in_2199(entries: list[dict[str, Any]]) -> Spoiled:
    """Give an entry a publication date long after the look."""
    position = len(entries) // 2
    paper = entries[position]["paper"]
    paper["publishedAt"] = "2199-01-01T00:00:00.000Z"
    return position, "publishedAt", paper["id"]


def unreadable_files(body: bytes) -> dict[str, tuple[str, bytes]]:
    """Return kinds of unreadable files, each with a file name and its bytes."""
    return {
        "empty": ("empty.json", b""),
        "picture": ("picture.json", _PICTURE),
        "cut_json": ("cut.json", body[: len(body) * 3 // 5]),
    }


def write_search_page(papers: Iterable[tuple[str, str]], looked_at: date) -> bytes:
    """Return a text copy of a search page that shows titles and abstracts, in blank-line layout."""
    shown_date = f"{looked_at:%b} {looked_at.day}"
    texts = (text for paper in papers for text in paper)
    return ("\n\n".join([*_SEARCH_HEADING, shown_date, *texts]) + "\n").encode()


def copy_texts(listed: Iterable[Listed]) -> Iterator[tuple[str, str]]:
    """Yield title and abstract as people copy them: highlighting eats spaces of the first one."""
    for number, one in enumerate(listed):
        abstract = one.paper.abstract
        yield one.paper.title, abstract if number else abstract.replace(", ", ",")
