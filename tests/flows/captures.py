"""Small captures in the true shapes of the sources, with text of our own."""

import json
import shutil
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import settings

from flows.cli.main import run
from transforms.conform import Conformed, conform
from transforms.parse.entry import Context, Parsed
from transforms.parse.recognise import recognise
from transforms.quarantine import Candidate, keep_loaded, quarantine
from transforms.validate import ParsedCapture, Validated, validate

FEWER = settings(max_examples=max(25, settings.default.max_examples // 4))
"""For properties of whole stages, of which an example takes tens of milliseconds."""

LAYOUT = "{origin}/{feed_date}/{captured_at}.json"
DAY = "2025-06-20"
LOOK_TIME = "20250621T010000Z"
LOOKED_AT = datetime.fromisoformat("2025-06-21T01:00:00")
TITLES = (
    "Sorting Pebbles with Recurrent Buckets",
    "A Field Guide to Quiet Gradients",
    "On the Patience of Wandering Agents",
    "Lanterns: Sparse Maps for Dark Corridors",
    "Counting Rain on a Tin Roof",
    "Slow Mirrors Learn Faster Shadows",
)

TOPICS = """
version: 0.0.1
areas:
- {id: machines, name: Machines}
fields:
- {id: language, name: Language, parent: machines}
topics:
- id: gradients
  name: Gradients
  parent: language
  aliases: [quiet gradient]
  in_title: [slow gradient]
  acronyms: []
  weak: []
"""


def api_entry(
    number: int = 0, *, paper: Mapping[str, Any] | None = None, **outer: Any
) -> dict[str, Any]:
    """Return one element of an API list; ``paper`` and keywords are laid over it."""
    title = TITLES[number % len(TITLES)] + (f" {number}" if number >= len(TITLES) else "")
    summary = f"We look at case {number} with care,\nand find that small things add up."
    inner = {
        "id": f"2506.{number + 10_000:05}",
        "authors": [
            {"_id": f"{number:024x}", "name": "Ada Example", "hidden": False},
            {"_id": f"{number + 1:024x}", "name": "Ben Sample", "hidden": False},
        ],
        "publishedAt": "2025-06-18T05:51:36.000Z",
        "submittedOnDailyAt": f"{DAY}T04:32:59.096Z",
        "title": title,
        "summary": summary,
        "upvotes": number + 2,
        "discussionId": f"{number + 7:024x}",
    }
    shown = {
        "paper": {**inner, **(paper or {})},
        "publishedAt": "2025-06-18T01:51:36.000Z",
        "title": title,
        "summary": summary,
        "thumbnail": "https://cdn.example.org/a.png",
        "numComments": 1,
        "submittedBy": {"_id": f"{number + 3:024x}", "name": "cleo", "type": "user"},
        "isAuthorParticipating": False,
    }
    return {**shown, **outer}


def api_body(entries: object) -> bytes:
    """Return a body of the API as the network gives it."""
    return json.dumps(entries, ensure_ascii=True).encode()


def api_page(count: int = 3, day: str = DAY) -> bytes:
    """Return a sound body with so many papers, all listed on a day."""
    listed = {"submittedOnDailyAt": f"{day}T04:32:59.096Z"}
    return api_body([api_entry(number, paper=listed) for number in range(count)])


def wrapped_body(entries: list[Any], **over: Any) -> bytes:
    """Return a body in the envelope of those who keep copies of the API."""
    envelope = {"status": "success", "date": DAY, "count": len(entries), "data": entries}
    return api_body({**envelope, **over})


def search_text(numbers: Iterable[int] = range(3), *, form: str = "blank") -> str:
    """Return a text copy of the search page: ``blank`` lines, ``compact`` or ``dated``."""
    papers = [
        (
            TITLES[n],
            f"We look at case {n} with care, and find that small things add up. We say why.",
        )
        for n in numbers
    ]
    if form == "compact":
        lines = [line for paper in papers for line in paper]
        return "Get trending papers in your email inbox!\nSubscribe" + "\n".join(lines)
    blocks = ["new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers"]
    blocks += ["byAK and the research community", "Mar 11"]
    for title, abstract in papers:
        blocks += [title, abstract]
        if form == "dated":
            blocks.append("  • 3 authors\n·\nJul 14, 2021")
    return "\n\n".join(blocks)


def write(path: Path, body: bytes | str) -> Path:
    """Write a file and the folders above it; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return path


class Taken(NamedTuple):
    """One body, taken all the way through the transforms."""

    parsed: Parsed
    judged: Validated
    states: dict[str, Any]
    kept: Validated
    conformed: Conformed

    @property
    def rejected(self) -> list[tuple[int, str, str]]:
        """Position, field and rule of every refused entry, held capture or not."""
        return self.judged.rejects.select("position", "field", "rule").rows()

    @property
    def issues(self) -> list[tuple[int, str, str]]:
        """Position, field and rule of every value made null."""
        return self.judged.issues.select("position", "field", "rule").rows()

    @property
    def accepted(self) -> list[dict[str, Any]]:
        """The entries that go to the warehouse, with their texts."""
        texts = self.conformed.contents.drop("content_key")
        entries = self.conformed.entries.join(texts, on="content_id", maintain_order="left")
        return entries.rows(named=True)


def take_apart(
    body: bytes | str,
    *,
    kind: str = "daily_list",
    id_scheme: str = "arxiv",
    feed_date: date | None = date(2025, 6, 20),
    captured_at: datetime | None = LOOKED_AT,
) -> Taken:
    """Take one body through recognising, parsing, validating, admitting and conforming."""
    known = recognise(body.encode() if isinstance(body, str) else body)
    parsed = known.format.parse(known.document, Context(feed_date, captured_at))
    name = "0" * 64
    judged = validate([ParsedCapture(name, id_scheme, captured_at, parsed)])
    day = feed_date or parsed.feed_date
    candidate = Candidate(name, kind, day, captured_at, 50, None, None, parsed)
    states = quarantine([candidate], judged)
    kept = keep_loaded(states, judged)
    return Taken(parsed, judged, states.row(0, named=True), kept, conform(kept.accepted))


class Ending(NamedTuple):
    """How one command line ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


class Bench:
    """A home folder of its own, with settings of its own, and a folder of captures beside it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, **settings: Any) -> None:
        self.home = folder / "home"
        self.inbox = folder / "captures"
        self.overlay = folder / "config"
        self.inbox.mkdir()
        write(self.overlay / "topics.yaml", TOPICS)
        lines = [f"{name} = {value!r}\n" for name, value in settings.items()]
        write(self.overlay / "settings.toml", "".join(lines))
        patch.setenv("PAPERSTRATA_CONFIG", str(self.overlay))
        patch.setenv("PAPERSTRATA_HOME", str(self.home))
        patch.delenv("PREFECT_API_URL", raising=False)

    def begin_like(self, made: "Bench") -> None:
        """Begin with copies of the home and the captures that another one has."""
        shutil.copytree(made.home, self.home, symlinks=True)
        shutil.copytree(made.inbox, self.inbox, dirs_exist_ok=True)

    def put(self, body: bytes | str, name: str = f"here/{DAY}/{LOOK_TIME}.json") -> Path:
        """Write a capture below the folder of captures."""
        return write(self.inbox / name, body)

    def run(self, *arguments: str | Path) -> Ending:
        """Run a command line on the home folder in this process."""
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run([*map(str, arguments)])
        return Ending(code, out.getvalue(), err.getvalue())

    def ingest(self, *arguments: str | Path, layout: str | None = LAYOUT) -> Ending:
        """Ingest the folder of captures, or what is given, and report as JSON."""
        stated = ["--layout", layout] if layout else []
        return self.run("ingest", "--json", *stated, *(arguments or [self.inbox]))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the published warehouse."""
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()
