"""Bad input, from outside: each file is named with what is wrong, and the rest is loaded."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.captures import (
    DAY,
    Bench,
    Ending,
    api_body,
    api_entry,
    api_page,
    search_text,
    wrapped_body,
    write,
)

LIMIT = 300_000
SOUND = [api_entry(number) for number in range(1, 6)]

REFUSED = {
    "empty.json": (b"", "the file is empty"),
    "blank.json": (b"\n \n", "the file is empty"),
    "picture.json": (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG picture"),
    "truncated.json": (api_page(4)[:-30], "the end is missing"),
    "garbage.json": (bytes(LIMIT + 1), "bytes are over the limit of 300,000"),
    "latin.json": (api_page().replace(b"Pebbles", b"\xff"), "not UTF-8: byte 0xff"),
    "nul.json": (api_page().replace(b"Pebbles", b"\0"), "control character"),
    "brackets.json": (b"[" * 100_000 + b"]" * 100_000, "not JSON"),
    "error.json": (b'{"error": "Too many requests"}', "an error instead of a list"),
    "gateway.json": (b"<!DOCTYPE html>\n<title>502</title>", "no known format: "),
    "new\nline.json": (b"text", "text that begins with 'text'"),
    "\x1b[31mred.json": (b"text", "text that begins with 'text'"),
}

HELD = {
    "envelope.json": (wrapped_body([], data="x"), "unexpected_envelope: status 'success'"),
    "mostly.json": (api_body([SOUND[0], None, 1, {}]), "mostly_rejected: 3 of 4 entries"),
}

REJECTED = {
    "long title.json": ({"title": "x" * 100_000}, "title", "title is longer than 2000 characters"),
    "number id.json": ({"id": 2506.12345}, "source_id", "source_id is a number (2506.12345)"),
    "month.json": ({"id": "2513.12345"}, "source_id", "source_id is not an arXiv id"),
    "no words.json": ({"title": r"\emph{}"}, "title", "title is missing"),
}

NULLED = {
    "votes.json": ({"upvotes": -3}, "votes", "votes is not between 0 and 1000000000"),
    "future.json": ({"publishedAt": "2199-01-01T00:00:00.000Z"}, "published_at", "after the look"),
    "bool.json": ({"upvotes": True}, "votes", "votes is true or false (True)"),
    "infinite.json": ({"upvotes": float("inf")}, "votes", "votes is a number (inf)"),
    "huge.json": ({"upvotes": 10**40}, "votes", "votes is a number"),
    "authors.json": ({"authors": 5}, "authors", "authors is a number (5)"),
}

LOADED = {
    "with space.json": api_page(),
    "-dash.json": api_page(),
    "--json": api_page(),
    "*.json": api_page(),
    "line\nbreak.json": api_page(),
    "quo'te\".json": api_page(),
    "half a pair.json": api_page().replace(b"Pebbles", b"\\ud800"),
    "mark.json": b"\xef\xbb\xbf" + api_page(),
    "one.json": b"1",
    "none.json": b"[]",
    "texts.json": api_body([repr(entry) for entry in SOUND]),
    "wrapped.json": wrapped_body(SOUND, count=9),
    "twice.json": api_page().replace(b'"upvotes": 2', b'"upvotes": 9, "upvotes": 2'),
}

NOT_REGULAR = {"pipe": "a named pipe", "loop": "a symbolic link", "link": "a symbolic link"}


def fill(folder: Path) -> None:
    """Write all the bad and odd files below a folder, and sound ones among them."""
    for name, (body, _) in {**REFUSED, **HELD}.items():
        write(folder / name, body)
    for name, (paper, _, _) in {**REJECTED, **NULLED}.items():
        write(folder / name, api_body([*SOUND, api_entry(0, paper=paper)]))
    for name, body in LOADED.items():
        write(folder / name, body)
    write(Path(os.fsdecode(os.fsencode(folder) + b"/not\xff utf-8.json")), api_page(4))
    write(folder / "search.txt", search_text(form="compact").replace("\n", "\r\n"))
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    (folder / "link").symlink_to(folder / "one.json")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Return a home with small limits, beside a folder full of bad input."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("hostile"), patch, max_file_bytes=LIMIT)
        fill(made.inbox / DAY)
        yield made


@pytest.fixture(scope="module")
def first(bench: Bench) -> Ending:
    """Return how the first run over all of it ended."""
    return bench.ingest(layout="{feed_date}/{_}")


def by_name(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Group the rows of a report by the name of the file."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["path"].rpartition(f"{DAY}/")[2], []).append(row)
    return grouped


def test_a_run_over_bad_input_ends_with_1_and_is_published(first: Ending) -> None:
    assert first.code == 1
    assert first.report["published"] is True
    assert "Traceback" not in first.err


def test_every_refused_file_is_named_with_what_is_wrong(first: Ending) -> None:
    refused = by_name(first.report["refused"])
    assert set(refused) == {*REFUSED, *NOT_REGULAR}
    for name, (_, reason) in REFUSED.items():
        assert reason in refused[name][0]["reason"], name
    for name, kind in NOT_REGULAR.items():
        assert refused[name][0]["reason"] == f"not a regular file: {kind}"


def test_every_held_capture_is_named_with_what_is_wrong(first: Ending) -> None:
    held = by_name(first.report["held"])
    assert set(held) == set(HELD)
    for name, (_, reason) in HELD.items():
        assert held[name][0]["reason"].startswith(reason)
        assert len(held[name][0]["capture_id"]) == 64


def test_every_rejected_entry_is_named_with_what_is_wrong(first: Ending) -> None:
    rejected = by_name(first.report["rejected"])
    assert set(rejected) == set(REJECTED)
    for name, (_, field, reason) in REJECTED.items():
        (row,) = rejected[name]
        assert (row["position"], row["field"]) == (len(SOUND), field)
        assert reason in row["reason"]


def test_every_value_made_null_is_named_with_what_is_wrong(first: Ending) -> None:
    issues = by_name(first.report["issues"])
    assert set(issues) == set(NULLED)
    for name, (_, field, reason) in NULLED.items():
        (row,) = issues[name]
        assert (row["position"], row["field"]) == (len(SOUND), field)
        assert reason in row["reason"]


def test_all_that_was_seen_is_accounted_for(first: Ending, bench: Bench) -> None:
    captures, entries = first.report["captures"], first.report["entries"]
    assert captures["seen"] == len(list((bench.inbox / DAY).iterdir()))
    assert captures["seen"] == sum(captures[s] for s in ("loaded", "held", "unchanged", "refused"))
    assert captures["held"] == len(HELD)
    assert captures["refused"] == len(REFUSED) + len(NOT_REGULAR)
    assert entries["seen"] == sum(entries[s] for s in ("accepted", "rejected", "held"))
    assert entries["rejected"] == len(REJECTED)


def test_the_rest_is_loaded_and_only_the_rest(first: Ending, bench: Bench) -> None:
    assert first.report["captures"]["loaded"] > 0
    states = dict(bench.rows("select state, count(*) from raw.capture group by state"))
    assert states == {"loaded": first.report["captures"]["loaded"], "held": len(HELD)}
    assert bench.rows("select count(*) from raw.entry where votes < 0") == [(0,)]
    reasons = bench.rows("select distinct field, rule from raw.reject order by all")
    assert reasons == [
        ("source_id", "id_scheme"),
        ("source_id", "type"),
        ("title", "required"),
        ("title", "too_long"),
    ]
    assert bench.rows("select count(*) from raw.issue") == [(len(NULLED),)]


def test_odd_names_are_origins_like_any_other(first: Ending, bench: Bench) -> None:
    assert first.code == 1
    origins = {
        path.rpartition(f"{DAY}/")[2]
        for (path,) in bench.rows("select path from ops.capture_origin")
    }
    assert {*LOADED, "not\\xff utf-8.json", "search.txt"} <= origins


def test_a_second_run_over_the_same_files_refuses_nothing_newly(
    first: Ending, bench: Bench
) -> None:
    again = bench.ingest(layout="{feed_date}/{_}")
    assert again.code == 0
    assert again.report["published"] is False
    assert again.report["newly"] == {"refused": 0, "held": 0, "rejected": 0}
    assert again.report["captures"]["refused"] == first.report["captures"]["refused"]
    assert (
        again.report["captures"]["unchanged"]
        == again.report["captures"]["seen"] - (again.report["captures"]["refused"])
    )


def test_people_read_a_line_for_each_on_standard_error(first: Ending, bench: Bench) -> None:
    assert first.code == 1
    write(bench.inbox / "more" / "a\nb \x1b[2J.json", "no capture")
    ending = bench.run("ingest", bench.inbox / DAY, bench.inbox / "more")
    assert ending.code == 1
    lines = ending.err.splitlines()
    assert all("\x1b" not in line for line in lines)
    for name in ("picture.json", "pipe", "a\\nb \\x1b[2J.json"):
        assert sum(name in line and line.startswith("refused ") for line in lines) == 1, name


def test_bad_input_leaves_a_warehouse_that_is_what_its_captures_say(
    first: Ending, bench: Bench
) -> None:
    assert first.code == 1
    verified = bench.run("verify", "--json")
    assert (verified.code, verified.report["equal"]) == (0, True)


def test_only_values_made_null_and_odd_names_end_with_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    for name, (paper, _, _) in NULLED.items():
        bench.put(api_body([*SOUND, api_entry(0, paper=paper)]), f"{DAY}/{name}")
    bench.put(api_page(), f"{DAY}/ new\nline.json")
    ending = bench.ingest(layout="{feed_date}/{_}")
    assert (ending.code, len(ending.report["issues"])) == (0, len(NULLED))


def test_a_refused_file_with_other_bytes_is_newly_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.put(b"\x89PNG 1", "a.json")
    assert [bench.ingest().code, bench.ingest().code] == [1, 0]
    bench.put(b"\x89PNG 2", "a.json")
    assert [bench.ingest().code, bench.ingest().code] == [1, 0]
    assert bench.ingest(bench.inbox / "nowhere").code == 2


@pytest.mark.slow
def test_a_list_whose_day_nobody_says_is_held_until_somebody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    path = bench.put(b"1", "loose.json")
    ending = bench.ingest(layout=None)
    assert ending.code == 1
    (held,) = ending.report["held"]
    assert held["reason"].startswith("no_feed_date: ")
    assert bench.ingest(path, layout=None).code == 0
    said = bench.ingest(path, "--feed-date", DAY, layout=None)
    assert (said.code, said.report["captures"]["loaded"]) == (0, 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_named_and_the_rest_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.put(api_page())
    closed = bench.put(api_page(), "closed/inside.json").parent
    closed.chmod(0)
    try:
        ending = bench.ingest()
    finally:
        closed.chmod(0o755)
    assert ending.code == 1
    assert ending.report["captures"]["loaded"] == 1
    assert ending.report["refused"] == [
        {"path": str(closed), "reason": "cannot be read: Permission denied (EACCES)"}
    ]


def spoil(**change: Any) -> str:
    """Return an entry as a text of Python, with something odd in it."""
    return repr(api_entry(0, **change))


POISON = {
    "names of fields that are numbers": [repr({**api_entry(0), 1: 2, "zz": 3}), *SOUND],
    "a rejected number of 31 digits": [spoil(paper={"id": 1, "x": 10**30}), *SOUND],
    "half a pair in a title": [spoil().replace("Pebbles", r"\ud800"), *SOUND],
    "half a pair in a new field": [spoil(zz=1).replace("zz", r"\ud800"), *SOUND],
    "letters newer than Python": [api_entry(0, paper={"title": "\U00031350"}), *SOUND],
    "a time before the year 1": [
        api_entry(0, paper={"publishedAt": "0001-01-01T00:00:00+14:00"}),
        *SOUND,
    ],
}


def test_no_capture_stops_the_run_or_the_runs_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    for name, entries in POISON.items():
        bench.put(api_body(entries), f"{name}/{DAY}/20250621T000000Z.json")
    sound = bench.put(api_page(), f"sound/{DAY}/20250621T010000Z.json")
    ending = bench.ingest()
    assert ending.code == 1
    counts = ending.report["captures"]
    assert (counts["seen"], counts["refused"]) == (len(POISON) + 1, 0)
    assert ending.report["published"]
    assert bench.ingest(sound).code == 0


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_in_the_content_at_an_end_of_the_calendar_is_no_feed_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    sources = [api_entry(0, paper={"submittedOnDailyAt": f"{day}T00:00:00.000Z"})]
    bench.put(wrapped_body(sources, date=day), "a.json")
    bench.put(api_body(sources), "b.json")
    ending = bench.ingest(layout=None)
    assert ending.code == 1
    assert {row["reason"].partition(":")[0] for row in ending.report["held"]} == {"no_feed_date"}
    assert ending.report["captures"]["held"] == 2


def test_a_day_in_the_path_at_the_end_of_the_calendar_stops_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.put(api_page(), "9999-12-31.json")
    assert bench.ingest(layout="{feed_date}.json").code in (0, 1)


@pytest.mark.parametrize("path", ["a/1700-01-03/20250621T010000Z", f"a/{DAY}/23250621T010000Z"])
def test_one_date_that_is_out_by_centuries_does_not_fill_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.put(api_page(), f"a/{DAY}/20250621T010000Z.json")
    bench.put(api_page(1), f"{path}.json")
    assert bench.ingest().code in (0, 1)
    assert bench.rows("select count(*) < 100000 from core.feed_day") == [(True,)]


@pytest.mark.slow
def test_an_author_without_a_name_gives_one_warehouse_in_either_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = []
    for first, second in ("ab", "ba"):
        (tmp_path / first).mkdir()
        bench = Bench(tmp_path / first, monkeypatch)
        for origin, hour, authors in ((first, 1, [{"name": ""}]), (second, 2, [])):
            body = api_body([api_entry(0, paper={"authors": authors})])
            bench.put(body, f"{origin}/{DAY}/20250621T0{hour}0000Z.json")
        assert bench.ingest().code == 0
        digests.append(bench.run("verify", "--digests", "--json").report["tables"])
    assert digests[0] == digests[1]


BOMBS = [
    pytest.param(b'[{"paper":{}}' + b",0" * 800_000 + b"]", id="list"),
    pytest.param(b'{"status":"success","data":[0' + b",0" * 800_000 + b"]}", id="envelope"),
    pytest.param(
        b"Get trending papers in your email inbox\nSubscribe\n" + b"a\nb\n" * 400_000 + b"a",
        id="text of short lines",
    ),
]


MEASURED = """
import resource, sys
from flows.cli.main import run
code = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
sys.exit(code if used < 800 << 20 else f"it took {used} bytes")
"""


@pytest.mark.slow
@pytest.mark.parametrize("body", BOMBS)
def test_two_megabytes_of_nonsense_are_told_within_800_megabytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    path = bench.put(body)
    command = [sys.executable, "-c", MEASURED, "ingest", "--json", "--feed-date", DAY]
    ending = subprocess.run(
        [*command, str(path)],
        capture_output=True,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "POLARS_MAX_THREADS": "2"},
        timeout=60,
    )
    assert ending.returncode in (0, 1)
    assert json.loads(ending.stdout)["captures"]["seen"] == 1


@pytest.mark.timeout(60)
def test_many_empty_files_are_told_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch)
    for number in range(1_000):
        bench.put(b"", f"{number}.json")
    ending = bench.ingest()
    assert ending.report["captures"]["refused"] == 1_000
    assert len(ending.report["refused"]) == 100
