"""Any file of a home, damaged in any way: nothing wrong is published, and what is said mends it.

Six kinds of files here; all of them, each damaged in every way, with PAPERSTRATA_DAMAGE=all, or
those whose path holds a text, as PAPERSTRATA_DAMAGE=journal/.
"""

import os
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flows.captures import Bench, Ending, api_body, api_entry
from warehouse import kept

pytestmark = pytest.mark.slow
ASKED = os.environ.get("PAPERSTRATA_DAMAGE", "")
FEW = {
    "landing/looks/*.parquet": "flip",
    "journal/pack.ndjson": "swap",
    "warehouse.duckdb": "cut",
    "site/*.html": "flip",
    "site/.build/pages.json": "cut",
    ".previous.duckdb": "flip",
}
TOLD = re.compile(r"`[^`]* (rebuild --accept-loss|rebuild|publish|quality)(?: --as-of (\S+))?`")
MOVE_AWAY = re.compile(r"(\S+) is a folder(?: where a file should be)?: move it away")
NAME = "Zoe Erased"


def put(bench: Bench, day: int) -> None:
    """Write the list of a day of June 2025, with a name on that of the 3rd."""
    shown: dict[str, object] = {"submittedOnDailyAt": f"2025-06-{day:02}T04:00:00.000Z"}
    if day == 3:
        shown["authors"] = [{"_id": "0", "name": NAME, "hidden": False}]
    entries = [api_entry(20 * day + number, paper=shown) for number in range(3)]
    bench.put(api_body(entries), f"here/2025-06-{day:02}/202506{day + 1:02}T010000Z.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Make a home of ten captures: a decision, an erasure, a failed look, an archive, reports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERSTRATA_PUBLISH_SITE", "true")
        patch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
        patch.setattr(kept, "LEAST_BYTES", 0)
        made = Bench(tmp_path_factory.mktemp("made"), patch, fetch_tries=1)
        for days in ((2, 3, 4, 5), (6, 9, 10, 11)):
            for day in days:
                put(made, day)
            assert made.ingest().code == 0
        assert made.run("fetch", "hf-daily", "--date", "2025-06-16").code == 3
        ((capture,),) = made.rows("select min(capture_id) from raw.capture")
        assert made.run("captures", "hold", capture, "--reason", "test").code == 0
        assert made.run("captures", "erase", "--name", NAME, "--reason", "test").code == 0
        assert made.run("publish", "--as-of", "2025-06-10").code == 0
        assert made.run("quality").code in (0, 1)
        for day in (12, 13):
            put(made, day)
            assert made.ingest().code == 0
        yield made


def kinds(home: Path) -> dict[str, list[Path]]:
    """Return the files of a home by kind: each of the few, and many of one folder together."""
    found = defaultdict(list)
    for path in sorted(home.rglob("*")):
        if path.is_file():
            place = path.relative_to(home)
            is_single = len(place.parts) == 1 or {"journal", ".build"} & {*place.parts}
            alike = "/".join((*place.parts[:-1][:2], "*" + path.suffix))
            found[str(place) if is_single else alike].append(place)
    return found


def is_asked(kind: str, way: str) -> bool:
    return ASKED == "all" or (ASKED in kind if ASKED else FEW.get(kind) == way)


def flip(path: Path, chance: random.Random) -> None:
    body = bytearray(path.read_bytes())
    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    path.write_bytes(body)


def swap(path: Path, chance: random.Random) -> None:
    """Put another file of its kind in its place; nothing, where there is none."""
    alike = sorted(path.parent.glob(f"*{path.suffix}"))
    others = [one for one in alike if one != path and one.is_file()]
    path.write_bytes(chance.choice(others).read_bytes() if others else b"")


def fold(path: Path, _: random.Random) -> None:
    path.unlink()
    (path / "inner").mkdir(parents=True)


WAYS: dict[str, Callable[[Path, random.Random], object]] = {
    "flip": flip,
    "swap": swap,
    "fold": fold,
    "cut": lambda path, _: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path, _: path.write_bytes(b""),
    "gone": lambda path, _: path.unlink(),
}


def states(bench: Bench) -> set[tuple[str, str]]:
    return set(bench.rows("select capture_id, state from raw.capture"))


def follow(bench: Bench, said: str) -> list[str]:
    """Do what was told; return the commands."""
    told = {(verb, as_of or "") for verb, as_of in TOLD.findall(said)}
    # it mends what `rebuild` alone would refuse
    if ("rebuild --accept-loss", "") in told:
        told.discard(("rebuild", ""))
    for verb, as_of in sorted(told, reverse=True):
        command = (*verb.split(), *(["--as-of", as_of] if as_of else []))
        ending = bench.run(*command)
        while in_the_way := MOVE_AWAY.findall(ending.err):
            shutil.rmtree(in_the_way[0])
            ending = bench.run(*command)
        assert ending.code in (0, 1), (verb, ending)
    return [verb for verb, _ in told]


def test_a_damaged_file_loses_nothing_and_is_mended_by_what_is_told(
    made: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = states(made)
    assert len(before) == 10
    tried = 0
    for kind, places in kinds(made.home).items():
        for way in WAYS:
            if is_asked(kind, way):
                folder = tmp_path / str(tried)
                folder.mkdir()
                monkeypatch.setenv("PAPERSTRATA_PUBLISH_SITE", str(kind.startswith("site")))
                bench = Bench(folder, monkeypatch, fetch_tries=1)
                bench.begin_like(made)
                chance = random.Random(f"{kind} {way}")
                place = bench.home / chance.choice(places)
                if place.stat().st_size:
                    place.chmod(0o644)
                    WAYS[way](place, chance)
                    damage_is_mended(bench, before, f"{way} {place.relative_to(bench.home)}")
                    tried += 1
                shutil.rmtree(folder)
    assert tried >= (1 if ASKED else len(FEW))


def damage_is_mended(bench: Bench, before: set[tuple[str, str]], case: str) -> None:
    def sound(ending: Ending) -> str:
        is_gone = ending.code == 2 and "no warehouse at" in ending.err
        assert is_gone or ending.code in (0, 1, 5), (case, ending)
        assert "Traceback" not in ending.err, (case, ending)
        for told in MOVE_AWAY.findall(ending.err):
            shutil.rmtree(told)
        return ending.out + ending.err

    put(bench, 17)
    said = [sound(bench.run("status")), sound(bench.ingest()), sound(bench.run("status"))]
    commands = follow(bench, " ".join(said))
    sound(bench.ingest())
    ending = bench.ingest()
    assert ending.code in (0, 1), (case, said, ending)
    lost = before - states(bench)
    assert not lost or "rebuild --accept-loss" in commands, (case, said, lost)
    if "rebuild --accept-loss" not in commands:
        names = f"select count(*) from raw.content where authors::varchar like '%{NAME}%'"
        assert bench.rows(names) == [(0,)], case
    assert bench.run("verify").code == 0, (case, said)
    assert bench.run("status").code == 0, (case, said)
