"""Backfills with real parts: what is due and why, crashes and what is not done again, bounds."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from flows.cli import main as cli
from flows.pipeline.ingest import ingest
from flows.report import FlowError, NoSuchFeedError, Report
from flows.schedule import backfill as history
from flows.schedule.backfill import backfill, backfill_feeds, plan_backfill
from flows.workspace import Workspace
from tests.flows.captures import Ending, api_entry
from tests.flows.sources.replay import Replay, Reply, json_reply, serve

MONDAY, FRIDAY = date(2025, 6, 2), date(2025, 6, 6)
OVERLAY = {
    "settings.toml": "fetch_tries = 1\n",
    "feeds.toml": """
[[feed]]
feed_id = "mirror"
name = "A mirror"
kind = "daily_list"
family = "mirror"
source_rank = 5
id_scheme = "arxiv"
page_limit = 50
source = "hf-date"
[feed.calendar]
time_zone = "UTC"
weekdays = [1, 2, 3, 4, 5]
cutoff_hours = 24
deadline_hours = 24
""",
    "topics.yaml": (
        "version: '1'\nareas: [{id: a, name: A}]\nfields: [{id: b, name: B, parent: a}]\n"
        "topics: [{id: c, name: C, parent: b, aliases: [quiet gradient], acronyms: [], weak: []}]\n"
    ),
}


class Server:
    """Answers each day's list, or what a test says of the day."""

    def __init__(self) -> None:
        self.answers: dict[date, Reply] = {}
        self.asked: list[date] = []
        self.pause = 0.0

    def answer(self, path: str) -> Reply:
        day = date.fromisoformat(parse_qs(urlparse(path).query)["date"][0])
        self.asked.append(day)
        time.sleep(self.pause)
        listed = {"id": f"2506.{day.toordinal() % 100_000:05}"}
        shown = {**listed, "submittedOnDailyAt": f"{day}T01:00:00.000Z"}
        return self.answers.get(day) or json_reply([api_entry(0, paper=shown)])


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    overlay = tmp_path / "config"
    overlay.mkdir()
    for name, text in OVERLAY.items():
        (overlay / name).write_text(text)
    asked = Server()
    with serve(asked.answer) as running:
        assert isinstance(running, Replay)
        monkeypatch.setenv("PAPERSTRATA_CONFIG", str(overlay))
        monkeypatch.setenv("HF_ENDPOINT", running.address)
        yield asked


def at_home(folder: Path) -> Workspace:
    return Workspace.open(folder / "home")


def command_line(*arguments: str) -> Ending:
    """Run a command line in this process, its output in a pipe."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.run([*arguments])
    return Ending(code, out.getvalue(), err.getvalue())


def run(folder: Path, only: str = "missing", last: date = FRIDAY, feed: str = "hf-daily") -> Report:
    """Take a whole backfill of the days from Monday on."""
    workspace = at_home(folder)
    return backfill(
        workspace, feed, MONDAY, last, only, lambda due: ingest(workspace, [], due, verb="backfill")
    )


def planned(folder: Path, only: str, last: date = FRIDAY) -> list[date | None]:
    plan = plan_backfill(at_home(folder), "hf-daily", MONDAY, last, only)
    return [look.feed_date for look in plan]


def test_a_dry_run_says_day_by_day_what_would_run_and_why_and_does_nothing(
    tmp_path: Path, server: Server
) -> None:
    home = str(tmp_path / "home")
    asked = ("backfill", "hf-daily", "mirror", "hf-daily", "--from", "2025-06-06")
    shown = command_line("--home", home, *asked, "--to", "2025-06-09", "--dry-run")
    assert shown.out.splitlines() == [
        "feed\tday\twhy",
        "hf-daily\t2025-06-06\tmissing: not in the ledger yet",
        # hf-daily is declared to be looked at on closed days, the mirror is not
        "hf-daily\t2025-06-07\tclosed: not in the ledger yet",
        "hf-daily\t2025-06-08\tclosed: not in the ledger yet",
        "hf-daily\t2025-06-09\tmissing: not in the ledger yet",
        "mirror\t2025-06-06\tmissing: not in the ledger yet",
        "mirror\t2025-06-09\tmissing: not in the ledger yet",
        "6 looks would be taken, published after every 60",
    ]
    assert server.asked == []
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
def test_several_feeds_are_taken_one_after_the_other(tmp_path: Path, server: Server) -> None:
    flags = ("--from", str(MONDAY), "--to", str(FRIDAY), "--json")
    home = ("--home", str(tmp_path / "home"))
    done = command_line(*home, "backfill", "hf-daily", "mirror", *flags)
    assert done.code == 0
    assert json.loads(done.out)["captures"]["loaded"] == 10
    query = "select feed_id, state, count(*) as n from core.feed_day where state = 'loaded'"
    rows = json.loads(
        command_line(*home, "sql", f"{query} group by all order by all", "--json").out
    )
    assert rows == [
        {"feed_id": "hf-daily", "state": "loaded", "n": 5},
        {"feed_id": "mirror", "state": "loaded", "n": 5},
    ]


@pytest.mark.parametrize("feed", ["arxiv-new", "hf-search", "nobody"])
def test_a_feed_whose_past_nobody_shows_is_refused_before_anything_is_done(
    tmp_path: Path, server: Server, feed: str
) -> None:
    workspace = at_home(tmp_path)
    with pytest.raises(NoSuchFeedError, match="hf-daily, mirror can be asked"):
        backfill_feeds(
            workspace, ["hf-daily", feed], MONDAY, FRIDAY, "missing", lambda _: Report("")
        )
    assert server.asked == []
    assert workspace.journal.read("backfill") == []


def test_more_days_than_a_plan_is_made_for_are_refused(tmp_path: Path, server: Server) -> None:
    workspace = at_home(tmp_path)
    for refused in (
        lambda: plan_backfill(workspace, "hf-daily", date.min, date.max, "missing"),
        lambda: backfill(workspace, "hf-daily", date.min, date.max, "all", lambda _: Report("")),
    ):
        with pytest.raises(FlowError, match="more than the 36,500 days"):
            refused()
    assert workspace.journal.read("backfill") == []


def test_no_day_after_today_is_asked_for(tmp_path: Path, server: Server) -> None:
    workspace = at_home(tmp_path)
    workspace.now = lambda: datetime(2025, 6, 4, 12)  # noqa: DTZ001 - naive UTC
    plan = plan_backfill(workspace, "hf-daily", MONDAY, MONDAY + timedelta(days=600), "all")
    assert [look.feed_date for look in plan] == [MONDAY + timedelta(days=n) for n in range(3)]


@pytest.mark.slow
def test_what_the_server_answered_is_not_asked_for_again(tmp_path: Path, server: Server) -> None:
    tuesday, wednesday, thursday = (MONDAY + timedelta(days=n) for n in (1, 2, 3))
    server.answers = {
        tuesday: json_reply([]),
        wednesday: json_reply({"error": "no such day"}, 404),
        thursday: json_reply({"error": "on strike"}, 503),
    }
    assert [failed.feed_date for failed in run(tmp_path).failed] == [wednesday, thursday]
    assert planned(tmp_path, "missing") == [thursday]
    assert planned(tmp_path, "failed") == [wednesday, thursday]
    server.answers.clear()
    assert run(tmp_path).captures["loaded"] == 1
    assert planned(tmp_path, "missing") == []
    assert run(tmp_path, "failed").captures["loaded"] == 1
    assert planned(tmp_path, "failed") == []


@pytest.mark.slow
def test_all_takes_every_day_once_each_time_it_is_asked_for(tmp_path: Path, server: Server) -> None:
    assert run(tmp_path, "all").captures["loaded"] == 5
    assert run(tmp_path, "all").captures["loaded"] == 5
    assert len(server.asked) == 10


def test_all_is_resumed_with_what_failed_and_begins_anew_a_week_later(
    tmp_path: Path, server: Server
) -> None:
    server.answers = {FRIDAY: json_reply({"error": "on strike"}, 503)}
    assert len(run(tmp_path, "all").failed) == 1
    assert planned(tmp_path, "all") == [FRIDAY]
    workspace = at_home(tmp_path)
    later = workspace.now() + timedelta(days=8)
    workspace.now = lambda: later
    assert len(plan_backfill(workspace, "hf-daily", MONDAY, FRIDAY, "all")) == 5


def test_a_day_that_does_not_exist_does_not_keep_a_backfill_open(
    tmp_path: Path, server: Server
) -> None:
    server.answers = {FRIDAY: json_reply({"error": "no such day"}, 404)}
    assert len(run(tmp_path, "all").failed) == 1
    assert len(planned(tmp_path, "all")) == 5


@pytest.mark.slow
def test_runs_are_bounded_and_progress_is_told(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "FETCHES_PER_PUBLICATION", 2)
    sizes: list[int] = []
    told: list[tuple[str, int, int]] = []

    def take(due: Any) -> Report:
        sizes.append(len(due))
        return ingest(workspace, [], due, verb="backfill")

    workspace = at_home(tmp_path)
    backfill(
        workspace, "hf-daily", MONDAY, FRIDAY, "missing", take, lambda *news: told.append(news)
    )
    assert sizes == [2, 2, 1]
    assert told == [
        ("hf-daily", 0, 5),
        ("hf-daily 2025-06-03", 2, 5),
        ("hf-daily 2025-06-05", 4, 5),
        ("hf-daily 2025-06-06", 5, 5),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("only", ["missing", "all"])
def test_after_a_kill_only_what_is_not_done_is_taken(
    tmp_path: Path, server: Server, only: str
) -> None:
    last = date(2025, 7, 11)
    server.pause = 0.02
    home = tmp_path / "home"
    flags = ("--from", str(MONDAY), "--to", str(last), "--only", only, "--json")
    command = [sys.executable, "-m", "flows.cli", "--home", str(home), "backfill", "hf-daily"]
    process = subprocess.Popen([*command, *flags], stdout=subprocess.DEVNULL)
    try:
        # the first twenty looks have landed, nothing is published
        until = time.monotonic() + 60
        while not list((home / "landing" / "looks").glob("[0-9a-f]*.parquet")):
            assert time.monotonic() < until
            time.sleep(0.002)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (home / "warehouse.duckdb").exists()
    done = {day for (day,) in at_home(tmp_path).landing.captures().select("feed_date").iter_rows()}
    assert len(done) == 20
    rest = planned(tmp_path, only, last)
    assert not done & set(rest)
    days = 40  # the feed is looked at on weekends as well
    assert len(rest) == days - 20
    preview = command_line("--home", str(home), "backfill", "hf-daily", *flags[:-1], "--dry-run")
    assert "goes on with the backfill begun at" in preview.out
    server.asked.clear()
    resumed = command_line("--home", str(home), "backfill", "hf-daily", *flags)
    assert resumed.code == 0
    assert set(server.asked) == set(rest)
    states = "select state, count(*) as n from core.feed_day where captures > 0 group by all"
    rows = json.loads(command_line("--home", str(home), "sql", states, "--json").out)
    assert rows == [{"state": "loaded", "n": days}]


@pytest.mark.slow
def test_looks_that_landed_before_a_crash_are_published_though_none_is_left_to_take(
    tmp_path: Path, server: Server
) -> None:
    workspace = at_home(tmp_path)

    def land_and_die(due: Any) -> Report:
        def die(connection: Any, run: Any) -> Any:
            raise KeyboardInterrupt

        return ingest(workspace, [], due, verb="backfill", quality_checks=die)

    with pytest.raises(KeyboardInterrupt):
        backfill(workspace, "hf-daily", MONDAY, FRIDAY, "missing", land_and_die)
    assert not (tmp_path / "home" / "warehouse.duckdb").exists()
    server.asked.clear()
    assert run(tmp_path).captures["loaded"] == 5
    assert server.asked == []
    assert planned(tmp_path, "missing") == []


@pytest.mark.slow
def test_a_backfill_that_has_begun_waits_for_another_writer_between_its_runs(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse.lock import writer_lock

    monkeypatch.setattr(history, "FETCHES_PER_PUBLICATION", 3)
    workspace = at_home(tmp_path)
    busy = threading.Event()

    def write() -> None:
        with writer_lock(workspace.settings.home.lock, {"verb": "daily"}):
            busy.set()
            time.sleep(0.5)

    def take(due: Any) -> Report:
        report = ingest(workspace, [], due, verb="backfill")
        if not busy.is_set():
            threading.Thread(target=write).start()
            assert busy.wait(10)
        return report

    report = backfill(workspace, "hf-daily", MONDAY, FRIDAY, "missing", take)
    assert report.captures["loaded"] == 5


@pytest.mark.slow
def test_a_direct_backfill_imports_no_prefect(tmp_path: Path, server: Server) -> None:
    code = (
        "import sys; from flows.cli.main import run; code = run(sys.argv[1:]);"
        "print(code, [name for name in sys.modules if name.split('.')[0] == 'prefect'])"
    )
    flags = ("--from", str(MONDAY), "--to", str(FRIDAY))
    ended = subprocess.run(
        [sys.executable, "-c", code, "--home", str(tmp_path), "backfill", "hf-daily", *flags],
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"},
    )
    assert ended.stdout.splitlines()[-1] == "0 []", ended.stderr
    assert ended.stderr == f"a new home begins in {tmp_path}\n"
