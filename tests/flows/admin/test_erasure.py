"""`captures erase`: no trace of a name is left in a home, however often the command is killed."""

import gzip
import hashlib
import html
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.workspace import Workspace
from tests.conftest import EXAMPLES
from tests.flows.captures import DAY, TITLES, Bench, api_body, api_entry, api_page
from tests.runs import Digests, digests_of
from transforms.parse.recognise import FORMATS
from transforms.text import key_text
from warehouse.landing_records import KINDS

NAME = "Zoë Quillfeather"
TRACE = "quillfeather"
NFD = "Zoe\u0308  QUILLFEATHER"
REASON = "asked for by mail"
ERASED_NAMES = ("[erased]", "[erased] [erased]")

_FEEDS = """
[[feed]]
feed_id = "lab-picks"
name = "Picks"
kind = "daily_list"
family = "lab"
source_rank = 5
id_scheme = "arxiv-optional"
[feed.table.columns]
source_id = "Link"
title = "Paper"
authors = "Authors"
votes = "Upvotes"
"""
_ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<id>http://arxiv.org/api/x</id><opensearch:totalResults>1</opensearch:totalResults>
<opensearch:startIndex>0</opensearch:startIndex><opensearch:itemsPerPage>1</opensearch:itemsPerPage>
<entry><id>http://arxiv.org/abs/2506.30001v1</id><title>A Study of Quiet Lanterns in Fog</title>
<summary>They glow &amp; fade.</summary><author><name>Zo&#235; Quillfeather</name></author>
<author><name>Ada Example</name></author>
<published>2025-06-18T00:00:00Z</published></entry></feed>"""
_OAI = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2025-06-20T00:00:00Z</responseDate><ListRecords><record><header>
<identifier>oai:arXiv.org:2506.30002</identifier><setSpec>cs</setSpec></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2506.30002</id><created>2025-06-18</created>
<authors><author><keyname>Quillfeather</keyname><forenames>Zoë</forenames></author>
<author><keyname>Example</keyname><forenames>Ada</forenames></author></authors>
<title>A Study of Two Quiet Lanterns</title><categories>cs.LG</categories>
<abstract>They glow.</abstract></arXiv></metadata></record></ListRecords></OAI-PMH>"""
_DC = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2025-06-20T00:00:00Z</responseDate><ListRecords><record><header>
<identifier>oai:arXiv.org:2506.30003</identifier><setSpec>cs:cs:LG</setSpec></header><metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A Study of Three Quiet Lanterns</dc:title>
<dc:creator>Quillfeather, Zoë</dc:creator><dc:creator>Example, Ada</dc:creator>
<dc:description>They glow.</dc:description><dc:date>2025-06-18</dc:date>
<dc:identifier>http://arxiv.org/abs/2506.30003</dc:identifier>
</oai_dc:dc></metadata></record></ListRecords></OAI-PMH>"""
_RSS = """<rss version="2.0"><channel><title>Daily</title><link>https://example.org</link>
<item><title>A Study of Four Quiet Lanterns</title><link>https://arxiv.org/abs/2506.30004</link>
<description>&lt;p&gt;&lt;b&gt;Authors:&lt;/b&gt; Zo&amp;euml; Quillfeather, Ada Example&lt;/p&gt;
&lt;p&gt;&lt;b&gt;Abstract:&lt;/b&gt; They glow.&lt;/p&gt;</description></item></channel></rss>"""
_JSONL = {
    "id": "2506.30005",
    "title": "A Study of Five Quiet Lanterns",
    "abstract": "They glow.",
    "authors": 'Zo\\"{e} Quillfeather and Ada Example',
    "authors_parsed": [["Quillfeather", 'Zo\\"{e}', ""], ["Example", "Ada", ""]],
    "categories": "cs.LG",
}
_WEEKLY = f"""Title: A Study of Six Quiet Lanterns
PDF: https://arxiv.org/pdf/2506.30006
Summary: Thanks to {NFD}, they glow.
---
"""
_CSV = f"Paper,Link,Authors,Upvotes\nA Study of Seven Lanterns,2506.30007,{NAME}; Ada Example,3\n"


def _page(entries: object) -> str:
    props = html.escape(json.dumps({"dailyPapers": entries, "dateString": DAY}))
    return (
        "<!DOCTYPE html><html><body>"
        f'<div data-target="DailyPapers" data-props="{props}"></div></body></html>'
    )


def _table() -> bytes:
    sink = io.BytesIO()
    pl.DataFrame(
        {
            "Paper": ["A Study of Eight Quiet Lanterns"],
            "Link": ["2506.30008"],
            "Authors": [[NAME, "Ada Example"]],
            "Upvotes": [7],
        }
    ).write_parquet(sink)
    return sink.getvalue()


def _entries() -> list[object]:
    authors = [{"_id": "1", "name": NAME}, {"_id": "2", "name": "Ada Example"}]
    return [
        api_entry(0, paper={"authors": authors}),
        api_entry(1, submittedBy={"_id": "3", "name": "zq", "fullname": NFD}),
        api_entry(2, paper={"summary": f"We thank {NAME.upper()}\nand others."}),
        api_entry(3, paper={"id": "no id", "authors": authors}),
    ]


BODIES = {
    "api.json": api_body(_entries()[:3]),
    "dirty.json": api_body(_entries()),
    "plain.json": json.dumps(_entries()[:2], ensure_ascii=False).encode(),
    "page.html": _page(_entries()[:2]),
    "atom.xml": _ATOM,
    "recorded.json": json.dumps({"url": "http://x", "status_code": 200, "body": _ATOM}),
    "oai.xml": _OAI,
    "dc.xml": _DC,
    "rss.xml": _RSS,
    "bulk.jsonl": json.dumps(_JSONL) + "\n" + json.dumps({**_JSONL, "id": "2506.30015"}) + "\n",
    "weekly.txt": _WEEKLY,
    "picks.csv": _CSV.encode("utf-16"),
    "picks.parquet": _table(),
    "packed.jsonl.gz": gzip.compress(json.dumps({**_JSONL, "id": "2506.30016"}).encode()),
    "western.txt": _WEEKLY.replace(NFD, f"{'nobody but ' * 9}{NAME}").encode("cp1252"),
}
"""Bodies that hold the name, each in the way of its format."""


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench(tmp_path, monkeypatch)
    (made.overlay / "feeds.toml").write_text(_FEEDS)
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Make a home with the name in every place, of which a test has a copy."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("made"), patch)
        (made.overlay / "feeds.toml").write_text(_FEEDS)
        fill(made)
    return made


@pytest.fixture
def filled(bench: Bench, made: Bench) -> Bench:
    """Return a home with the name in every place, made of the folders `of NAME` and `other`."""
    bench.begin_like(made)
    return bench


def erase(bench: Bench, *more: str) -> tuple[int, dict[str, object]]:
    ending = bench.run("captures", "erase", "--name", NAME, "--reason", REASON, "--json", *more)
    assert ending.out, ending.err
    return ending.code, ending.report


def traces(home: Path) -> Iterator[str]:
    """Yield the places of a home that hold the name, in raw bytes or within a packed file."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and TRACE.encode() in path.read_bytes().lower():
            yield str(path.relative_to(home))
    for pack in sorted((home / "landing").glob("*/*")):
        for column in pl.read_parquet(pack).iter_columns():
            if TRACE in _shown(column.to_list()):
                yield f"{pack.parent.name}.{column.name}"
    if (home / "warehouse.duckdb").exists():
        yield from warehouse_traces(home / "warehouse.duckdb")


def warehouse_traces(file: Path) -> Iterator[str]:
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() order by 1"
        ).fetchall()
        assert len(tables) > 20
        for (table,) in tables:
            rows = connection.execute(f"select to_json(t)::varchar from {table} t").fetchall()
            if TRACE in "".join(row for (row,) in rows).lower():
                yield table


def _shown(values: list[object]) -> str:
    """Return all values as one text; a table in Parquet as its own values."""
    texts = []
    for value in values:
        if isinstance(value, bytes) and value.startswith(b"\x1f\x8b"):
            value = gzip.decompress(value)  # noqa: PLW2901 - the same, unpacked
        if isinstance(value, bytes) and value.startswith(b"PAR1"):
            texts.append(repr(pl.read_parquet(value).rows()))
        elif isinstance(value, bytes):
            texts.append(value.replace(b"\x00", b"").decode("utf-8", "replace"))
        else:
            texts.append(str(value))
    return key_text("".join(texts))


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_the_name_is_erased_from_every_format_and_every_list_stays(bench: Bench) -> None:
    for name, body in BODIES.items():
        bench.put(body, f"{name}/{DAY}/{name}")
    given = bench.run("ingest", "--json", "--feed-date", DAY, bench.inbox)
    assert given.report["captures"]["loaded"] == len(BODIES), given
    entries = (
        "select capture_id, position, source_id, title_key, votes, published_date, format"
        " from raw.entry join raw.capture using (capture_id) order by all"
    )
    before = bench.rows(entries)
    assert {row[-1] for row in before} >= set(FORMATS) - {"hf_search_text", "arxiv_rss"}
    code, said = erase(bench)
    assert (code, said["remaining"]) == (0, [])
    assert len(said["captures"]) == len(BODIES)  # type: ignore[arg-type]
    assert bench.rows(entries) == before
    authors = bench.rows("select distinct unnest(authors) from raw.content order by 1")
    assert set(authors) <= {(one,) for one in (*ERASED_NAMES, "Ada Example", "Ben Sample")}
    assert list(traces(bench.home)) == []
    assert bench.run("verify").code == 0


@pytest.mark.slow
def test_nothing_of_a_home_holds_the_name_afterwards(filled: Bench) -> None:
    assert {"landing", "journal", "errors.log", "reports"} <= {
        place.partition("/")[0] for place in traces(filled.home)
    } | {"landing"}
    code, said = erase(filled)
    assert (code, said["remaining"]) == (0, [])
    assert list(traces(filled.home)) == []
    assert filled.run("verify").code == 0
    # what the command was told is nowhere either
    assert NAME not in (filled.home / "journal" / "run.ndjson").read_text()
    assert said["published"]


def fill(bench: Bench) -> None:
    """Make a home with the name in every place."""
    home = bench.home
    named = bench.inbox / f"of {NAME}"
    for number, name in enumerate(("plain.json", "rss.xml", "oai.xml", "picks.parquet")):
        body = BODIES[name]
        path = named / DAY / f"2025062{number + 1}T010000Z.x"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
    (named / DAY / "20250625T010000Z.x").write_text(f"{NAME} wrote this, and it is no list")
    other = bench.inbox / "other" / DAY / "20250626T010000Z.x"
    other.parent.mkdir(parents=True)
    other.write_bytes(api_page(4))
    layout = "{origin}/{feed_date}/{captured_at}.x"
    assert bench.run("ingest", named, "--layout", layout).code == 1
    assert bench.run("ingest", other.parents[1], "--layout", layout).code == 0
    listed = json.loads(bench.run("captures", "list", "--json").out)["captures"]
    rss = min(row["capture_id"] for row in listed)
    bench.run("captures", "hold", rss, "--reason", f"{NAME} wrote to us")
    bench.run("captures", "release", rss, "--reason", "fine")
    for place in ("errors.log", "reports/quality.html", "reports/data_docs/x/index.html"):
        path = home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<p>Zo&euml; Quillfeather</p><p>{NAME}</p>")
    (home / "work").mkdir(exist_ok=True)
    (home / "work" / "warehouse.compact").write_text(NAME)
    (home / ".rebuilt-killed").mkdir()
    (home / ".rebuilt-killed" / "warehouse.duckdb").write_text(NAME)
    (home / "warehouse.duckdb.stale").write_text(NAME)


@pytest.mark.slow
def test_captures_that_are_given_again_stay_erased(filled: Bench, made: Bench) -> None:
    folders = [made.inbox / f"of {NAME}", made.inbox / "other"]
    assert erase(filled)[0] == 0
    digests = digests_of(filled.home)
    journal = filled.home / "journal" / "run.ndjson"
    for folder in folders:
        given = filled.ingest(folder, layout="{origin}/{feed_date}/{captured_at}.x")
        assert given.code == 0, given
        assert given.report["captures"]["loaded"] == 0
        assert not given.report["published"]
    assert digests_of(filled.home) == digests
    left = {place.partition(".")[0] for place in traces(filled.home)}
    # the path that was asked for has the name, and the journal says what was asked for
    assert left <= {"journal/run"}, left
    assert NAME not in journal.read_text().splitlines()[-1]


@pytest.mark.slow
def test_they_stay_erased_in_a_warehouse_that_is_gone_and_under_another_time(bench: Bench) -> None:
    path = bench.put(BODIES["api.json"])
    assert bench.ingest().code == 0
    assert erase(bench)[0] == 0
    digests = digests_of(bench.home)
    (bench.home / "warehouse.duckdb").unlink()
    assert bench.ingest().report["captures"]["loaded"] == 1
    assert digests_of(bench.home) == digests
    shutil.copy(path, path.with_name("20250622T010000Z.json"))
    assert bench.ingest().report["captures"] | {"seen": 2, "loaded": 1, "unchanged": 1} == (
        bench.ingest().report["captures"] | {"seen": 2, "loaded": 1, "unchanged": 1}
    )
    assert len(bench.rows("from raw.capture")) == 2
    assert list(warehouse_traces(bench.home / "warehouse.duckdb")) == []
    assert bench.run("verify").code == 0


@pytest.mark.slow
def test_bytes_are_refused_while_what_an_erasure_left_of_them_cannot_be_read(bench: Bench) -> None:
    bench.put(BODIES["api.json"])
    assert bench.ingest().code == 0
    assert erase(bench)[0] == 0
    digests = digests_of(bench.home)
    (pack,) = (bench.home / "landing" / "looks").glob("*.parquet")
    aside = pack.rename(bench.home.parent / pack.name)
    given = bench.ingest()
    assert given.code == 1
    assert given.report["captures"]["refused"] == 1
    assert bench.run("rebuild", "--accept-loss").code in (0, 1)
    assert "--accept-loss" not in bench.run("status").out
    assert bench.ingest().report["captures"]["refused"] == 1
    assert bench.rows("from raw.capture") == []
    assert list(warehouse_traces(bench.home / "warehouse.duckdb")) == []
    aside.rename(pack)
    assert bench.ingest().code == 0
    assert digests_of(bench.home) == digests


@pytest.mark.slow
def test_a_dry_run_tells_the_captures_and_changes_nothing(filled: Bench) -> None:
    before = tree(filled.home)
    code, said = erase(filled, "--dry-run")
    assert code == 0
    assert said["dry_run"]
    assert tree(filled.home) == before
    erased = erase(filled)[1]
    assert said["captures"] == erased["captures"]
    assert said["places"] == erased["places"]
    assert said["occurrences"] == erased["occurrences"]


@pytest.mark.slow
def test_a_second_run_finds_nothing(filled: Bench) -> None:
    erase(filled)
    packs = sorted((filled.home / "landing").glob("*/*"))
    code, said = erase(filled)
    assert (code, said["occurrences"], said["captures"], said["places"]) == (0, 0, [], [])
    assert sorted((filled.home / "landing").glob("*/*")) == packs


@pytest.mark.slow
def test_it_is_on_record_what_was_erased_when_by_whom_and_why_but_not_the_name(
    bench: Bench,
) -> None:
    bench.put(BODIES["api.json"])
    bench.ingest()
    [(capture_id,)] = bench.rows("select capture_id from raw.capture")
    _, said = erase(bench, "--by", "the house")
    shown = json.loads(bench.run("captures", "show", capture_id, "--json").out)["erasures"]
    assert len(shown) == 1
    record = shown[0]
    assert (record["reason"], record["decided_by"]) == (REASON, "the house")
    assert record["occurrences"] == said["captures"][0]["occurrences"] > 0
    body = Workspace.open(bench.home).landing
    [erased] = body.read_bodies(body.captures())["body"]
    assert record["erased_blob_id"] == hashlib.sha256(erased).hexdigest()
    assert record["blob_id"] == hashlib.sha256(BODIES["api.json"]).hexdigest()
    assert "a name was erased" in bench.run("captures", "show", capture_id).out
    run = json.loads((bench.home / "journal" / "run.ndjson").read_text().splitlines()[-1])
    assert (run["verb"], run["state"]) == ("captures erase", "published")
    assert json.loads(run["parameters"])["captures"] == [capture_id]


@pytest.mark.slow
def test_what_cannot_be_erased_is_named_and_left(bench: Bench) -> None:
    row = "A Study of Lanterns\t2506.30009\tQuillfeather, Zoë; Example, Ada\t3\n"
    bench.put(f"Paper\tLink\tAuthors\tUpvotes\n{row}", f"here/{DAY}/picks.tsv")
    bench.run("ingest", bench.inbox, "--feed-date", DAY)
    (bench.home / "past.duckdb").write_bytes(b"made before")
    (bench.home / "export.csv").write_text(f"a\n{NAME}\n")
    assert bench.rows("select authors from raw.content") == [([NAME, "Ada Example"],)]
    code, said = erase(bench)
    assert code == 1
    [(capture_id,)] = bench.rows("select capture_id from raw.capture")
    places = {left["place"] for left in said["remaining"]}  # type: ignore[attr-defined]
    in_warehouse = "warehouse: raw.content.authors"
    assert places == {f"capture {capture_id}", "past.duckdb", "export.csv", in_warehouse}
    assert (bench.home / "export.csv").read_text() == f"a\n{NAME}\n"
    (bench.home / "past.duckdb").unlink()
    (bench.home / "export.csv").unlink()
    # as the answer says, the other spelling is another name
    assert erase(bench, "--name", "Quillfeather, Zoë")[0] == 0
    assert list(traces(bench.home)) == []


@pytest.mark.slow
def test_a_body_that_would_be_another_list_without_the_name_is_left(bench: Bench) -> None:
    bench.put(api_body([api_entry(0), api_entry(1)]))
    row = "A Study of Lanterns\t2506.30009\tAda Example\t3\n"
    bench.put(f"Paper\tLink\tAuthors\tUpvotes\n{row}", f"here/{DAY}/picks.tsv")
    bench.run("ingest", bench.inbox, "--feed-date", DAY)
    before = bench.rows("from raw.content order by all")
    ending = bench.run("captures", "erase", "--name", "authors", "--reason", REASON, "--json")
    assert ending.code == 1
    reasons = " ".join(left["reason"] for left in ending.report["remaining"])
    assert "another list" in reasons
    assert "the keys of JSON stay" in reasons
    assert bench.rows("select * exclude (run_id, loaded_at) from raw.content order by all") == [
        row[:-2] for row in before
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--reason", REASON],
        ["--name", NAME],
        ["--name", "A", "--reason", REASON],
        ["--name", NAME, "--reason", f"{NFD} asked for it"],
        ["--name", NAME, "--reason", REASON, "--by", NAME],
    ],
)
def test_a_command_that_cannot_be_meant_changes_nothing(bench: Bench, arguments: list[str]) -> None:
    bench.put(BODIES["api.json"])
    bench.ingest()
    before = tree(bench.home)
    ending = bench.run("captures", "erase", *arguments)
    assert ending.code == 2
    assert TRACE not in ending.err.lower()
    assert tree(bench.home) == before


@pytest.mark.slow
def test_an_old_file_put_back_is_no_base_for_the_next_run(bench: Bench) -> None:
    """As after a backup of the whole home: its warehouse holds what was erased."""
    bench.put(BODIES["api.json"])
    bench.ingest()
    published, old = bench.home / "warehouse.duckdb", bench.home.parent / "old.duckdb"
    shutil.copy(published, old)
    erase(bench)
    digests = digests_of(bench.home)
    published.unlink()
    shutil.copy(old, published)
    assert list(warehouse_traces(published))
    assert bench.ingest().report["published"]
    assert list(traces(bench.home)) == []
    assert digests_of(bench.home) == digests


@pytest.mark.slow
def test_a_backup_from_before_laid_over_the_landing_does_not_bring_the_name_back(
    filled: Bench,
) -> None:
    backup = filled.home.parent / "backup"
    shutil.copytree(filled.home / "landing", backup)
    erase(filled)
    digests = digests_of(filled.home)
    shutil.copytree(filled.home / "landing", backup, dirs_exist_ok=True)
    restored = filled.home.parent / "restored"
    shutil.copytree(backup, restored / "landing")
    shutil.copytree(filled.home / "journal", restored / "journal")
    assert filled.run("--home", restored, "rebuild").code == 0
    assert list(traces(restored)) == []
    assert digests_of(restored) == digests
    assert filled.run("--home", restored, "verify").code == 0


_EVENTS = ("open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "os.truncate", "os.rmdir")
_KILLED_AT_STEP = f"""
import os, signal, sys
home, fatal, steps = sys.argv[1], int(sys.argv[2]), 0
def count(event, arguments):
    global steps
    if event in {_EVENTS} and (event == "os.truncate" or str(arguments[0]).startswith(home)):
        steps += 1
        if fatal == steps:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from flows.cli.main import run
code = run(["--home", home, *sys.argv[3:]])
print("steps", steps)
sys.exit(code)
"""
_ERASE = ["captures", "erase", "--name", NAME, "--reason", REASON, "--json"]


def start_killed(home: Path, step: int) -> subprocess.Popen[str]:
    """Start an erasure that kills itself before the n-th thing that it does to a file."""
    return subprocess.Popen(
        [sys.executable, "-c", _KILLED_AT_STEP, str(home), str(step), *_ERASE],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )


def is_on_record(home: Path) -> bool:
    return bool(list((home / "landing" / "erasures").glob("[0-9a-f]*.parquet")))


@pytest.mark.slow
@pytest.mark.timeout(0 if EXAMPLES else 900)
def test_killed_at_any_step_it_is_ended_by_the_next_run_and_by_itself(filled: Bench) -> None:
    scene = filled.home.parent / "scene"
    shutil.copytree(filled.home, scene)
    before = digests_of(scene)
    undisturbed = filled.home.parent / "undisturbed"
    shutil.copytree(scene, undisturbed)
    run = start_killed(undisturbed, 0)
    said, _ = run.communicate()
    assert run.returncode == 0
    steps = int(said.splitlines()[-1].split()[-1])
    after = digests_of(undisturbed)
    assert list(traces(undisturbed)) == []
    recorded = set()
    number = min(EXAMPLES, steps) or 3
    for step in sorted({1 + steps * part // number for part in range(number)} | {steps - 1}):
        home = filled.home.parent / f"step-{step}"
        shutil.copytree(scene, home)
        run = start_killed(home, step)
        run.communicate()
        assert run.returncode == -signal.SIGKILL, step
        recorded.add(is_on_record(home))
        assert_ended(filled, home, before, after)
        shutil.rmtree(home)
    assert recorded == {True, False}, "no kill before, or none after the record"


def assert_ended(bench: Bench, home: Path, before: Digests, after: Digests) -> None:
    """Another run ends what is on record, the command itself what is not."""
    assert digests_of(home) in (before, after)
    again = bench.home.parent / "again"
    shutil.copytree(home, again)
    assert bench.run("--home", home, "ingest", bench.inbox / "other").code in (0, 1)
    if is_on_record(home):
        left = {place for place in traces(home) if not place.startswith("journal/")}
        assert left == set()
        assert bench.run("--home", home, "verify").code == 0
    for ended in (again, home):
        assert bench.run("--home", ended, *_ERASE).code == 0
        assert list(traces(ended)) == []
        assert not list(ended.glob("landing/*/.*")) + list(ended.glob("landing/*/*.staged"))
    assert digests_of(again) == after
    shutil.rmtree(again)


def test_every_kind_of_record_is_looked_through() -> None:
    assert KINDS == (
        "looks", "origins", "refused", "failed", "decisions", "erasures", "compactions"
    )  # fmt: skip


def test_titles_of_the_sample_hold_no_name() -> None:
    assert not any(TRACE in title.lower() for title in TITLES)
