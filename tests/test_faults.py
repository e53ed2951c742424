"""One fault at one system call of a run: the old publication or the whole new one, and the exit
code says which; the next run goes on.
"""

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from errno import EIO, ENOSPC
from pathlib import Path
from typing import Any

import pytest

from tests.faults.worker import ERASED
from tests.flows.captures import TOPICS, api_page, write
from tests.runs import Digests, digests_of, query

FAULTS = Path(__file__).parent / "faults"
WRITE, SYNC, RENAME, READ = range(4)
SHORT = -1
KINDS = [(WRITE, ENOSPC), (WRITE, EIO), (WRITE, SHORT), (SYNC, EIO), (RENAME, EIO), (READ, EIO)]
SHARE = float(os.environ.get("PAPERSTRATA_FAULTS", "1"))
"""Of the points that each command is usually tried at, 510 in all; 0 is every point there is."""
NO_FETCHES = '[[feed]]\nfeed_id = "hf-daily"\ndaily = false\n'
"""Laid over the shipped feeds: a daily run reads the inboxes alone."""
PUBLISHED = (0, 1, 3)
"""Exit codes of a run that may have published; all others say that it has not."""
PARTS = 3
"""Tests of which each tries every so manieth point of a command, for both cores to have some."""
FOLLOWED, THEN_EVERY = 1, 10
"""Another run follows the first so many points of a part that leave the same files behind, then
every so many; where every point is tried, all are followed."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(sys.platform != "linux", reason="the shim is preloaded as on Linux"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler for the shim"),
]


class Worker:
    """A process that runs command lines, each with at most one fault."""

    def __init__(self, folder: Path) -> None:
        self.environment: dict[str, str] = {}
        write(folder / "config" / "topics.yaml", TOPICS)
        write(folder / "config" / "feeds.toml", NO_FETCHES)
        shim = folder / "shim.so"
        build = ["cc", "-shared", "-fPIC", "-O2", "-o", shim, FAULTS / "shim.c", "-ldl"]
        subprocess.run(build, check=True)
        self._output = folder / "output.txt"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker"],
            cwd=FAULTS.parents[1],
            env={
                **os.environ,
                "LD_PRELOAD": str(shim),
                "PAPERSTRATA_CONFIG": str(folder / "config"),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, home: Path, *arguments: str, kind: int = -1, at: int = 0, error: int = 0) -> Any:
        """Run a command on a home, with a fault at a call of a kind; return what became of it."""
        point = {
            "environment": self.environment,
            "folder": str(home),
            "operation": kind,
            "at": at,
            "error": error,
            "arguments": ["--home", str(home), *arguments],
            "output": str(self._output),
        }
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(point) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@dataclass(frozen=True)
class Scene:
    """A command on a home: the digests before it and after it, and how often it calls what."""

    worker: Worker
    home: Path
    arguments: tuple[str, ...]
    before: Digests
    after: Digests
    publications: int
    counts: list[int]
    left: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How often which files were left behind."""

    def is_followed(self, home: Path, code: int) -> bool:
        """Tell whether another run shall show that it finishes what this one left."""
        names = (re.sub(r"[0-9a-f]{16,}", "*", str(path)) for path in home.rglob("*"))
        kind = (str(code), *sorted({name.removeprefix(str(home)) for name in names}))
        self.left[kind] += 1
        return not SHARE or self.left[kind] <= FOLLOWED or self.left[kind] % THEN_EVERY == 0

    def points(self, count: int, part: int) -> Iterator[tuple[int, int, int]]:
        """Yield a part of (kind, error, number of the call): of so many in all the parts, evenly
        spread."""
        every = [
            (kind, error, at) for kind, error in KINDS for at in range(1, self.counts[kind] + 1)
        ]
        wanted = min(round(count * SHARE) or len(every), len(every))
        spread = [every[number * len(every) // wanted] for number in range(wanted)]
        yield from spread[part::PARTS]


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    worker = Worker(tmp_path_factory.mktemp("shim"))
    yield worker
    worker.close()


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    """Two captures; a home begins with the first of them."""
    write(tmp_path / "captures" / "first.json", api_page(3))
    write(tmp_path / "captures" / "second.json", api_page(4, "2025-06-21"))
    return tmp_path / "captures"


def set_scene(worker: Worker, folder: Path, first: Path, *arguments: str) -> Scene:
    """Make a home that holds one capture, and try the command on a copy without any fault."""
    home, tried = folder / "home", folder / "tried"
    assert worker.run(home, "ingest", str(first), "--feed-date", "2025-06-20")["code"] == 0
    shutil.copytree(home, tried)
    result = worker.run(tried, *arguments)
    assert result["code"] == 0, result
    digests = digests_of(home), digests_of(tried)
    return Scene(worker, home, arguments, *digests, publications(home), result["counts"])


def is_untouched(scene: Scene, home: Path) -> bool:
    """Tell whether the published file has the bytes that it had, so that it need not be read."""
    name = "warehouse.duckdb"
    return filecmp.cmp(scene.home / name, home / name, shallow=False)


def publications(home: Path) -> int:
    return len(query(home, "select 1 from ops.publication"))


def try_point(scene: Scene, home: Path, kind: int, error: int, at: int) -> list[str]:
    """Run the command with one fault on a copy of the home; return what is wrong afterwards."""
    shutil.copytree(scene.home, home)
    result = scene.worker.run(home, *scene.arguments, kind=kind, at=at, error=error)
    problems = []
    try:
        if is_untouched(scene, home):
            digests, is_published = scene.before, False
        else:
            digests, is_published = digests_of(home), publications(home) > scene.publications
    except Exception as failure:
        return [f"the published file cannot be read: {failure}"]
    if digests not in (scene.before, scene.after):
        problems.append("neither the old publication nor the whole new one")
    if is_published and digests != scene.after:
        problems.append("a publication of less than the whole")
    if is_published != (result["code"] in PUBLISHED):
        problems.append(f"published: {is_published}, exit code {result['code']}")
    if not scene.is_followed(home, result["code"]):
        return [f"{problem} ({result['output'][-300:]})" for problem in problems]
    again = scene.worker.run(home, *scene.arguments)
    if again["code"] not in PUBLISHED:
        problems.append(f"the next run ended with {again['code']}: {again['output'][-300:]}")
    elif digests_of(home) != scene.after:
        problems.append("the next run does not finish the work")
    return [f"{problem} ({result['output'][-300:]})" for problem in problems]


def sweep(scene: Scene, folder: Path, count: int, part: int) -> None:
    """Try a part of the points of a scene, and list all that went wrong."""
    wrong = {}
    for kind, error, at in scene.points(count, part):
        home = folder / "swept"
        problems = try_point(scene, home, kind, error, at)
        if problems:
            wrong[kind, error, at] = problems
        shutil.rmtree(home)
    assert wrong == {}


@pytest.fixture
def without_site(worker: Worker) -> Iterator[None]:
    """Write no pages behind a publication: half of the calls, and nothing is derived from them."""
    worker.environment = {"PAPERSTRATA_PUBLISH_SITE": "false"}
    yield
    worker.environment = {}


@pytest.mark.usefixtures("without_site")
@pytest.mark.parametrize("part", range(PARTS))
def test_a_fault_in_an_ingest_leaves_the_old_publication_or_the_new_one(
    worker: Worker, tmp_path: Path, captures: Path, part: int
) -> None:
    second = str(captures / "second.json")
    command = ("ingest", second, "--feed-date", "2025-06-21")
    scene = set_scene(worker, tmp_path, captures / "first.json", *command)
    sweep(scene, tmp_path, 250, part)


@pytest.mark.usefixtures("without_site")
@pytest.mark.parametrize("part", range(PARTS))
def test_a_fault_in_a_rebuild_leaves_the_old_publication_or_the_new_one(
    worker: Worker, tmp_path: Path, captures: Path, part: int
) -> None:
    scene = set_scene(worker, tmp_path, captures / "first.json", "rebuild")
    sweep(scene, tmp_path, 140, part)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_fault_in_a_daily_run_with_its_site_leaves_the_old_publication_or_the_new_one(
    worker: Worker, tmp_path: Path, captures: Path, part: int
) -> None:
    inbox = tmp_path / "home" / "inbox" / "hf-daily" / "here" / "2025-06-21"
    write(inbox / "20250622T010000Z.json", (captures / "second.json").read_bytes())
    scene = set_scene(worker, tmp_path, captures / "first.json", "daily")
    sweep(scene, tmp_path, 50, part)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_fault_in_an_erasure_leaves_the_old_publication_or_the_new_one_and_no_name_in_the_end(
    worker: Worker, tmp_path: Path, captures: Path, part: int
) -> None:
    command = ("captures", "erase", "--name", ERASED, "--reason", "asked for")
    scene = set_scene(worker, tmp_path, captures / "first.json", *command)
    sweep(scene, tmp_path, 70, part)
