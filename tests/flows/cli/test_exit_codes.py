"""How command lines end: the codes are a contract."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from errno import EACCES, ENOSPC
from pathlib import Path

import duckdb
import pytest

from config.settings import ConfigError
from flows.cli.exit_codes import Code, ExitCode, QueryError, code_of, code_of_report
from flows.cli.summary import end_run
from flows.cli.verbs import VERBS
from flows.clock import now
from flows.report import (
    FailedFetch,
    NoSuchFeedError,
    OtherCapturesError,
    PathTemplateError,
    Report,
    ServerUnreachableError,
)
from flows.sources.base import FetchRequest
from flows.sources.errors import UnreachableError
from tests.flows.captures import DAY, LOOK_TIME, Bench, api_body, api_entry, api_page, write
from tests.flows.cli.processes import start
from transforms.taxonomy import TaxonomyError
from warehouse.checks.result import CheckResult
from warehouse.errors import LockedError, NotPublishedError
from warehouse.lock import writer_lock

SOUND = [api_entry(number) for number in range(1, 4)]
BROKEN = api_body([*SOUND, api_entry(0, paper={"id": 5})])
DATED = f"here/{DAY}/{LOOK_TIME}.json"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return an empty home beside an empty folder of captures."""
    return Bench(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Return a home that holds one capture, only to be read."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("filled"), patch)
        made.put(api_page(), DATED)
        assert made.ingest().code == 0
        yield made


def test_0_where_all_was_loaded_and_0_where_nothing_is_new(bench: Bench) -> None:
    bench.put(api_page())
    first, second = bench.ingest(), bench.ingest()
    assert (first.code, first.report["published"]) == (0, True)
    assert (second.code, second.report["published"]) == (0, False)
    assert second.report["captures"] == {
        "seen": 1,
        "loaded": 0,
        "held": 0,
        "unchanged": 1,
        "refused": 0,
    }
    assert second.report["papers"] == {"total": 3, "new": 0}


def test_the_same_look_twice_in_one_run_is_one_loaded_and_one_unchanged(bench: Bench) -> None:
    bench.put(api_page(), f"one/{DAY}/{LOOK_TIME}.json")
    bench.put(api_page(), f"two/{DAY}/{LOOK_TIME}.json")
    ending = bench.ingest()
    assert ending.code == 0
    assert ending.report["captures"]["loaded"] == ending.report["captures"]["unchanged"] == 1
    assert bench.rows("select origin from ops.capture_origin order by 1") == [("one",), ("two",)]


@pytest.mark.parametrize(
    "body, kind",
    [(b"", "refused"), (b'{"status": "odd", "date": 1}', "held"), (BROKEN, "rejected")],
    ids=["refused", "held", "rejected"],
)
def test_1_where_something_was_newly_refused_held_or_rejected(
    bench: Bench, body: bytes, kind: str
) -> None:
    bench.put(body, f"a/{DAY}/{LOOK_TIME}.json")
    bench.put(api_page(), f"b/{DAY}/{LOOK_TIME}.json")
    first, second = bench.ingest(), bench.ingest()
    assert first.code == 1
    assert first.report["newly"] == {"refused": 0, "held": 0, "rejected": 0, kind: 1}
    assert first.report["captures"]["loaded"] >= 1
    assert first.report["published"] is True
    assert second.code == 0


@pytest.mark.slow
def test_the_report_has_the_keys_of_the_contract(bench: Bench) -> None:
    bench.put(BROKEN)
    report = bench.ingest().report
    assert set(report["captures"]) == {"seen", "loaded", "held", "unchanged", "refused"}
    assert set(report["entries"]) == {"seen", "accepted", "rejected", "held"}
    assert set(report["papers"]) == {"total", "new"}
    assert report["seconds"]["total"] > 0
    (rejected,) = report["rejected"]
    assert set(rejected) == {"path", "position", "rule", "field", "reason"}
    assert report["held"] == report["refused"] == report["issues"] == []


USAGE = {
    "an unknown verb": ["fly"],
    "an unknown flag": ["--fly"],
    "an unknown flag of a verb": ["ingest", "--fly", "."],
    "no path": ["ingest"],
    "no query": ["sql"],
    "two queries": ["sql", "select 1", "select 2"],
    "a feed that is not declared": ["ingest", ".", "--feed", "nope"],
    "a kind that does not exist": ["ingest", ".", "--kind", "weekly"],
    "a date that is none": ["ingest", ".", "--feed-date", "2025-02-30"],
    "a time that is none": ["ingest", ".", "--captured-at", "yesterday"],
    "a time before the year 1": ["ingest", ".", "--captured-at", "0001-01-01T00:00+05:00"],
    "a field that does not exist": ["ingest", ".", "--layout", "{day}"],
    "a field that stands twice": ["ingest", ".", "--layout", "{page}/{page}"],
    "no thread": ["ingest", ".", "--jobs", "0"],
    "a home that is a file": ["--home", __file__, "ingest", "."],
    "a past without a file": ["rebuild", "--as-of", "2025-01-01"],
    "a past that is none": ["rebuild", "--as-of", "then", "--output", "x"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE.keys())
def test_2_for_a_command_line_that_cannot_be_used(bench: Bench, arguments: list[str]) -> None:
    ending = bench.run(*arguments)
    assert (ending.code, ending.out) == (2, "")
    assert ending.err
    assert "Traceback" not in ending.err
    assert not bench.home.exists()


@pytest.mark.parametrize(
    "arguments",
    [["sql", "select 1"], ["verify"], ["verify", "--digests"], ["rebuild"], ["status"]],
    ids=" ".join,
)
def test_2_where_there_is_no_warehouse_yet(bench: Bench, arguments: list[str]) -> None:
    ending = bench.run(*arguments)
    assert (ending.code, ending.out) == (2, "")
    assert str(bench.home) in ending.err


CONFIG = {
    "no TOML": ("settings.toml", "x =", "settings.toml"),
    "no UTF-8": ("settings.toml", b"\xff", "settings.toml"),
    "a setting that does not exist": ("settings.toml", "max_bytes = 1", "max_bytes"),
    "a text for a number": ("settings.toml", 'max_file_bytes = "x"', "max_file_bytes"),
    "a limit of -1": ("settings.toml", "batch_bytes = -1", "batch_bytes"),
    "too many threads": ("settings.toml", "duckdb_threads = 1000000", "duckdb_threads"),
    "a share of 2": ("settings.toml", "quality.reject_share_warning = 2", "reject_share_warning"),
    "a kind that does not exist": ("feeds.toml", "kind = 'weekly'", "kind"),
    "a page of nothing": ("feeds.toml", "page_limit = 0", "page_limit"),
    "a field of feeds that does not exist": ("feeds.toml", "limit = 1", "limit"),
    "no YAML": ("topics.yaml", "topics: [", "topics.yaml"),
    "a list of topics": ("topics.yaml", "- a", "topics.yaml"),
    "no version": ("topics.yaml", "topics: []", "version"),
}


@pytest.mark.parametrize("name, text, named", CONFIG.values(), ids=CONFIG.keys())
def test_2_for_a_configuration_that_is_wrong_and_the_field_is_named(
    bench: Bench, name: str, text: str | bytes, named: str
) -> None:
    assert_configuration_is_refused(bench, name, text, named)


WORSE_CONFIG = {
    "a setting of the environment": ("settings.toml", "home = 'x'", "home"),
    "memory in no unit": ("settings.toml", "duckdb_memory = 'lots'", "duckdb_memory"),
    "a feed that is a number": ("feeds.toml", b"feed = 3", "feed"),
    "a feed that is no list": ("feeds.toml", b"[feed]\nx = 1", "feed"),
    "a zone that does not exist": ("feeds.toml", "calendar.time_zone = 'Mars/One'", "time_zone"),
    "a zone outside": ("feeds.toml", "calendar.time_zone = '../passwd'", "time_zone"),
    "a day 9 of the week": ("feeds.toml", "calendar.weekdays = [9]", "weekdays"),
    "a cut-off in a million years": ("feeds.toml", "calendar.cutoff_hours = 9999999999", "cutoff"),
    "a rank of 11 digits": ("feeds.toml", "source_rank = 99999999999", "source_rank"),
    "topics that are no UTF-8": ("topics.yaml", b"\xff", "topics.yaml"),
}


@pytest.mark.parametrize("name, text, named", WORSE_CONFIG.values(), ids=WORSE_CONFIG.keys())
def test_2_for_a_configuration_that_would_break_later(
    bench: Bench, name: str, text: str | bytes, named: str
) -> None:
    assert_configuration_is_refused(bench, name, text, named)


def assert_configuration_is_refused(bench: Bench, name: str, text: str | bytes, named: str) -> None:
    """Write one file of the overlay; text for feeds.toml is laid over the daily feed."""
    bench.put(api_page())
    if name == "feeds.toml" and isinstance(text, str):
        calendar = "time_zone = 'UTC', weekdays = [1], cutoff_hours = 24, deadline_hours = 24"
        if text.startswith("calendar."):
            field, _, value = text.removeprefix("calendar.").partition(" = ")
            kept = [part for part in calendar.split(", ") if not part.startswith(field)]
            text = f"calendar = {{{', '.join([*kept, f'{field} = {value}'])}}}"
        text = f"[[feed]]\nfeed_id = 'hf-daily'\n{text}\n"
    write(bench.overlay / name, text)
    ending = bench.ingest()
    assert (ending.code, ending.out) == (2, "")
    assert named in ending.err
    assert len(ending.err.strip().splitlines()) <= 5
    assert not (bench.home / "warehouse.duckdb").exists()


@pytest.mark.parametrize("place", ["nowhere", "captures/file"])
def test_2_where_the_configuration_is_no_folder(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    bench.put(b"", "file")
    monkeypatch.setenv("PAPERSTRATA_CONFIG", str(bench.inbox.parent / place))
    ending = bench.ingest()
    assert ending.code == 2
    assert "PAPERSTRATA_CONFIG" in ending.err


def test_4_while_another_writer_is_at_work_and_it_is_named(filled: Bench) -> None:
    before = (filled.home / "warehouse.duckdb").read_bytes()
    filled.put(api_page(1), f"new/{DAY}/20250622T000000Z.json")
    holder = {"verb": "backfill", "since": "this morning", "process": "4711"}
    with writer_lock(filled.home / "lock", holder):
        ending = filled.ingest()
        assert (ending.code, ending.out) == (4, "")
        assert "backfill" in ending.err
        assert "4711" in ending.err
        assert filled.run("rebuild").code == 4
        assert filled.run("sql", "select 1").code == 0
        assert filled.run("verify", "--digests").code == 0
    assert (filled.home / "warehouse.duckdb").read_bytes() == before


@pytest.mark.slow
def test_the_lock_of_a_process_that_is_gone_bars_nobody(bench: Bench) -> None:
    bench.put(api_page())
    write(bench.home / "lock", '{"verb": "ingest", "process": "1"}')
    assert bench.ingest().code == 0


def damage(bench: Bench, statement: str) -> bytes:
    """Damage the published file behind everybody's back; return what it then holds."""
    published = bench.home / "warehouse.duckdb"
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute(statement)
    return published.read_bytes()


DAMAGE = {
    "entries_add_up": "delete from raw.entry where position = 0",
    "keys_are_unique": "insert into raw.entry from raw.entry limit 1",
    "references_are_whole": "delete from raw.content",
}


@pytest.mark.slow
@pytest.mark.parametrize("check_id, statement", DAMAGE.items(), ids=DAMAGE.keys())
def test_5_where_an_identity_fails_and_nothing_is_published(
    bench: Bench, check_id: str, statement: str
) -> None:
    bench.put(api_page(), f"a/{DAY}/{LOOK_TIME}.json")
    assert bench.ingest().code == 0
    damaged = damage(bench, statement)
    bench.put(api_body(SOUND), f"b/{DAY}/20250622T010000Z.json")
    ending = bench.ingest()
    assert (ending.code, ending.report["published"]) == (5, False)
    failed = {check["check_id"]: check for check in ending.report["failed_checks"]}
    assert failed[check_id]["state"] == "failed"
    assert failed[check_id]["severity"] == "critical"
    assert (bench.home / "warehouse.duckdb").read_bytes() == damaged
    plain = bench.run("ingest", bench.inbox / "b", "--layout", "{feed_date}/{captured_at}.json")
    assert plain.code == 5
    assert f"check {check_id} failed" in plain.err


@pytest.mark.slow
def test_a_rebuild_mends_what_was_damaged(bench: Bench) -> None:
    bench.put(api_page())
    bench.ingest()
    damage(bench, DAMAGE["entries_add_up"])
    assert bench.run("verify").code == 1
    assert bench.run("rebuild").code == 0
    assert bench.run("verify").code == 0


def test_a_process_ends_with_the_code_and_json_alone_on_standard_output(bench: Bench) -> None:
    path = bench.put(b"nonsense")
    ending = start("ingest", "--json", str(path))
    assert ending.returncode == 1
    assert json.loads(ending.stdout)["refused"][0]["path"] == str(path)


def test_a_reader_who_leaves_early_is_no_error(filled: Bench) -> None:
    query = "select i, repeat('x', 100) from range(100000) as t(i)"
    command = f"'{sys.executable}' -m flows.cli sql \"{query}\" | head -1; exit ${{PIPESTATUS[0]}}"
    ending = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=Path(__file__).parents[3]
    )
    assert (ending.returncode, ending.stderr) == (0, "")


def test_help_names_every_verb(bench: Bench) -> None:
    ending = bench.run("--help")
    assert ending.code == 0
    assert all(f"  {verb} " in ending.out for verb in VERBS)


def test_an_empty_path_is_not_the_folder_in_which_one_stands(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.put(api_page())
    monkeypatch.chdir(bench.inbox)
    assert bench.run("ingest", "").code in (1, 2)


@pytest.mark.slow
def test_2_where_a_rebuild_would_be_written_over_something_else(
    filled: Bench, tmp_path: Path
) -> None:
    precious = write(tmp_path / "notes.txt", "precious")
    before = (filled.home / "warehouse.duckdb").read_bytes()
    for target in (filled.home / "warehouse.duckdb", precious, tmp_path / "nowhere" / "x.duckdb"):
        assert filled.run("rebuild", "--output", target).code == 2
    assert (filled.home / "warehouse.duckdb").read_bytes() == before
    assert precious.read_text() == "precious"
    own = tmp_path / "own.duckdb"
    assert [filled.run("rebuild", "--output", own).code for _ in range(2)] == [0, 0]
    assert [path.name for path in tmp_path.iterdir() if "building" in path.name] == []


@pytest.mark.slow
def test_a_capture_that_waits_for_a_run_makes_verify_unequal(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.put(BROKEN)
    bench.ingest()
    published = (bench.home / "warehouse.duckdb").read_bytes()
    bench.put(api_page(2), f"new/{DAY}/20250622T000000Z.json")
    bench.ingest()
    (bench.home / "warehouse.duckdb").unlink()
    (bench.home / "warehouse.duckdb").write_bytes(published)
    ending = bench.run("verify", "--json")
    assert ending.code == 1
    assert (len(ending.report["not_loaded"]), ending.report["stale"]) == (1, [])
    bench.ingest()
    assert bench.run("verify").code == 0
    monkeypatch.setattr("flows.pipeline.pending.TEXT_VERSION", "of tomorrow")
    ending = bench.run("verify")
    assert (ending.code, ending.out.splitlines()[-1]) == (1, "not equal")
    assert "to be read anew, by today's parser and rules: 2 captures; any run does it" in ending.err
    ending = bench.ingest()
    assert ending.report["notes"] == ["read anew, by today's parser and rules: 2 captures"]
    # what was rejected before is nothing new
    assert (ending.code, ending.report["newly"]["rejected"]) == (0, 0)
    assert len(ending.report["rejected"]) == 1


REQUEST = FetchRequest("hf-daily", None)
ERRORS = [
    (QueryError("two statements"), Code.USAGE),
    (ConfigError("feeds.toml: no kind"), Code.USAGE),
    (TaxonomyError("topics.yaml: no version"), Code.USAGE),
    (PathTemplateError("{day}"), Code.USAGE),
    (NotPublishedError("nothing has landed"), Code.USAGE),
    (OtherCapturesError("other captures"), Code.USAGE),
    (NoSuchFeedError("no such feed"), Code.USAGE),
    (ServerUnreachableError("Prefect is silent"), Code.UNREACHABLE),
    (UnreachableError(REQUEST, "http://127.0.0.1", "silent", now(), b""), Code.UNREACHABLE),
    (LockedError("backfill is at work"), Code.LOCKED),
    (ValueError("a value"), Code.INTERNAL),
    (FileNotFoundError("a file"), Code.INTERNAL),
    (ImportError("a module"), Code.INTERNAL),
]


@pytest.mark.parametrize("error, code", ERRORS, ids=[type(error).__name__ for error, _ in ERRORS])
def test_the_class_of_an_error_gives_the_code(error: Exception, code: Code) -> None:
    class Narrower(type(error)):  # type: ignore[misc]
        """An error of a subclass."""

    assert code_of(error) is code
    assert code_of(Narrower.__new__(Narrower)) is code


def test_another_class_of_the_same_name_is_an_error_of_ours() -> None:
    stranger = type("LockedError", (Exception,), {})
    assert code_of(stranger("a stranger")) is Code.INTERNAL


def test_an_error_of_a_query_imports_no_frames() -> None:
    code = (
        "import sys; from flows.cli.exit_codes import QueryError, code_of;"
        "print(code_of(QueryError()).value, [m for m in ('polars', 'prefect') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "2 []", printed.stderr


CRITICAL = CheckResult("keys_are_unique", "identity", "critical", "failed", "no row", "1 rows")
WARNING = CheckResult("volume_is_usual", "judgement", "warning", "failed", "usual", "few")
FAILED = FailedFetch("hf-daily", None, "silent")
REPORTS = [
    (Report("r"), Code.DONE),
    (Report("r", failed_checks=[WARNING]), Code.DONE),
    (Report("r", newly=Counter(held=1)), Code.PROBLEMS),
    (Report("r", newly=Counter(held=1), failed=[FAILED]), Code.UNREACHABLE),
    (Report("r", failed=[FAILED], failed_checks=[CRITICAL]), Code.NOT_PUBLISHED),
]


@pytest.mark.parametrize("report, code", REPORTS)
def test_the_worst_of_a_run_gives_its_code(report: Report, code: Code) -> None:
    assert code_of_report(report) is code


def test_a_run_that_is_done_ends_without_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    end_run(Report("r"), as_json=False)
    with pytest.raises(ExitCode) as ending:
        end_run(Report("r", newly=Counter(refused=1)), as_json=True)
    assert ending.value.code is Code.PROBLEMS
    *_, last = capsys.readouterr().out.splitlines()
    assert json.loads(last)["newly"]["refused"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("command", [("sql", "select 1"), ("export",)], ids=["sql", "export"])
def test_6_where_the_disk_of_an_output_is_full_and_2_where_it_is_refused(
    filled: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    for number, code in ((ENOSPC, 6), (EACCES, 2)):

        def fail(path: Path, target: Path, number: int = number) -> Path:
            raise OSError(number, os.strerror(number), str(path), None, str(target))

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", fail)
            ending = filled.run(*command, "--output", tmp_path / "out")
        assert ending.code == code
        assert f"--output {tmp_path / 'out'}: {os.strerror(number)}" in ending.err
    assert not (tmp_path / "out").exists()
