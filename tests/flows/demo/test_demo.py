"""The demonstration, all the way, and what the README says can be done with it."""

import json
import math
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli.main import run
from flows.out.after import feeds_after
from flows.report import Report
from flows.workspace import Workspace
from tests.flows.demo import answers
from tests.flows.out.schemas import assert_atom, assert_json_feed
from warehouse.connection import open_published
from warehouse.digest import digest_tables

AS_OF = ("--as-of", answers.AS_OF)
Ask = Callable[..., str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PAPERSTRATA_CONFIG", raising=False)
        assert run(["--home", str(folder), "demo", *AS_OF]) == 0
    return folder


@pytest.fixture
def ask(home: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def answer(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run(["--home", str(home), *arguments]) == code
        return capsys.readouterr().out

    return answer


def test_the_planted_bursts_and_nothing_else_are_called_rising(ask: Ask) -> None:
    topics = json.loads(ask("trends", "--json"))["topics"]
    rising = {topic["topic_id"] for topic in topics if topic["is_rising"]}
    assert rising == {"world-models", "test-time-compute"}
    saved = json.loads(ask("sql", "--saved", "rising", "--param", "grain=week", "--json"))
    assert {(one["topic_id"], one["compared_until"]) for one in saved} == {
        (topic, "2026-03-02") for topic in rising
    }


def test_a_burst_is_told_from_the_week_of_its_onset_with_the_papers_of_just_these_weeks(
    ask: Ask,
) -> None:
    (feed,) = json.loads(ask("trends", "--json"))["feeds"]
    started = {burst["topic_id"]: burst["start"] for burst in feed["bursts"]}
    assert started == {"world-models": "2026-02-16", "test-time-compute": "2026-02-23"}
    assert feed["false_discovery_rate"] <= 0.05
    for burst in feed["bursts"]:
        assert burst["confirmed"] > burst["start"]
        assert burst["papers"] > 4 * burst["expected"]
        assert all(paper["first_feed_date"] >= burst["start"] for paper in burst["evidence"])
        assert len(burst["evidence"]) == 3


def test_the_feeds_tell_just_these_bursts_by_the_start_that_was_said(ask: Ask, home: Path) -> None:
    feeds_after(Workspace.open(home), Report(is_published=True))
    folder = home / "site" / "feeds"
    assert_atom((folder / "climbing.xml").read_bytes())
    assert_atom((folder / "rising.xml").read_bytes())
    items = assert_json_feed((folder / "rising.json").read_bytes())["items"]
    starts = dict(re.findall(r"hf-daily/([a-z-]+)/week/([0-9-]+)\"", json.dumps(items)))
    (feed,) = json.loads(ask("trends", "--json"))["feeds"]
    assert starts == {burst["topic_id"]: burst["start"] for burst in feed["bursts"]}


def test_what_was_rising_is_told_only_from_the_week_in_which_it_could_be_known(ask: Ask) -> None:
    query = "select min(period_start)::varchar as week from mart.topic_period where is_rising"
    query += " and topic_id = 'world-models'"
    assert json.loads(ask("sql", query, "--json")) == [{"week": "2026-02-23"}]


def test_a_name_that_is_not_there_ends_with_2_and_the_near_ones(
    ask: Ask, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    ask("trends", "--topic", "World Models")
    for option, name, near in (
        ("--topic", "world-modles", "world-models"),
        ("--feed", "hf-dayly", "hf-daily"),
    ):
        assert run(["--home", str(home), "trends", option, name]) == 2
        assert f"did you mean {near}" in capsys.readouterr().err


@pytest.mark.slow
def test_shares_are_drawn_to_a_file_that_needs_no_network(ask: Ask, tmp_path: Path) -> None:
    for suffix in ("svg", "html"):
        ask("trends", "--plot", str(tmp_path / f"rising.{suffix}"))
    drawn = (tmp_path / "rising.svg").read_text(encoding="utf-8")
    assert "World models, hf-daily" in drawn
    page = (tmp_path / "rising.html").read_text(encoding="utf-8")
    assert not re.findall(r"<(?:script|link)[^>]+(?:src|href)=.https?:", page)
    ask("trends", "--plot", str(tmp_path / "rising.gif"), code=2)


def test_the_papers_that_climb_are_ranked_by_the_score_of_the_printed_formula(ask: Ask) -> None:
    listed = json.loads(ask("trends", "--papers", "--limit", "5", "--json"))
    papers = listed["papers"]
    assert [paper["rank"] for paper in papers] == [1, 2, 3, 4, 5]
    for paper in papers:
        usual = math.log((1 + paper["votes"]) / (1 + paper["votes_usual"]))
        assert paper["score"] == pytest.approx(usual - math.log(2) * paper["age_days"] / 7)
    past = json.loads(
        ask(
            "sql",
            "select max(captured_at)::varchar as newest from mart.trending_as_of('2026-02-01')",
            "--json",
        )
    )
    assert past[0]["newest"] < "2026-02-02"


def test_a_second_demo_changes_nothing_and_the_commands_at_its_end_run_as_printed(
    ask: Ask, home: Path
) -> None:
    before = json.loads(ask("verify", "--digests", "--json"))["tables"]
    said = ask("demo", *AS_OF)
    assert json.loads(ask("verify", "--digests", "--json"))["tables"] == before
    commands = re.findall(
        rf"^  paperstrata --home {re.escape(str(home))} (.+)$", said, re.MULTILINE
    )
    assert len(commands) == 4
    assert all(ask(*shlex.split(command)) for command in commands)
    assert "missing       2026-01-15" in said
    # why a capture is held is told at once, and by the command that lists those that are
    assert re.search(
        r"held +a list given as that of 2026-01-05: it says itself .* 2026-03-06", said
    )
    assert "it is given as the list of 2026-01-05" in ask(*shlex.split(commands[3]))


@pytest.mark.slow
def test_the_demo_refuses_a_home_with_other_looks(tmp_path: Path, home: Path) -> None:
    lists = home / "captures" / "synthetic"
    layout = "{feed_date}/{captured_at}.json"
    assert run(["--home", str(tmp_path), "ingest", str(lists), "--layout", layout]) == 1
    assert run(["--home", str(tmp_path), "demo", *AS_OF]) == 2


def test_every_query_of_the_readmes_has_the_answer_that_stands_there(ask: Ask) -> None:
    text = "\n".join(readme.read_text(encoding="utf-8") for readme in answers.READMES)
    asked = list(answers.read_asked(text))
    assert len(asked) == text.count("```sql")
    assert sum(bool(one.rows) for one in asked) >= 17
    for one in asked:
        rows = answers.rows_of(ask("sql", one.query))
        assert rows == one.rows if one.rows else len(rows) > 1, one.query


def test_the_readme_shows_what_trends_says_is_rising(ask: Ask) -> None:
    text = answers.READMES[0].read_text(encoding="utf-8")
    assert "topics searched" in text
    assert answers.write_rising(text, ask("trends")) == text


SNIPPETS = re.findall(
    r"```python\n(.*?)```", answers.READMES[1].read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=["duckdb", "polars", "pandas", "marimo"])
def test_every_snippet_of_the_readme_runs_in_the_home_as_it_stands(
    snippet: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if "marimo" in snippet:
        pytest.importorskip("marimo", reason="marimo is an extra")
    monkeypatch.chdir(home)
    exec(compile(snippet, "warehouse/README.md", "exec"), {})
    assert "world-models" in capsys.readouterr().out or "title" in snippet


@pytest.mark.slow
def test_the_notebook_runs_as_a_script(ask: Ask, tmp_path: Path) -> None:
    pytest.importorskip("marimo", reason="marimo is an extra")
    file = tmp_path / "rising.py"
    assert f"edit {file}" in ask("notebook", str(file))
    ask("notebook", str(file), code=2)
    ended = subprocess.run([sys.executable, str(file)], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def test_status_names_the_missing_day_and_trends_the_papers_of_a_topic(ask: Ask) -> None:
    status = json.loads(ask("status", "--json"))
    (feed,) = status["feeds"]
    assert "2026-01-15" in {day["feed_date"] for day in feed["overdue"]}
    assert feed["days"]["truncated"] == 1
    assert status["last_run"]["state"] in ("published", "unchanged")
    history = json.loads(ask("trends", "--topic", "world-models", "--json"))
    assert len(history["topics"]) == 9
    assert history["papers"]


@pytest.mark.slow
def test_trends_as_of_a_day_do_not_know_what_came_later(ask: Ask) -> None:
    past = json.loads(ask("trends", "--as-of", "2026-01-18", "--json"))
    assert {topic["period_start"] for topic in past["topics"]} == {"2026-01-12"}
    assert not [topic for topic in past["topics"] if topic["is_rising"]]


def test_rejects_are_listed_and_shown_with_their_payload(ask: Ask) -> None:
    rejects = json.loads(ask("rejects", "list", "--json"))["rejects"]
    assert {reject["field"] for reject in rejects} == {"source_id", "title"}
    shown = json.loads(ask("rejects", "show", rejects[0]["capture_id"][:16], "--json"))["rejects"]
    assert shown[0]["payload"]["paper"]
    ask("rejects", "show", "nothing", code=2)


@pytest.mark.slow
def test_a_retracted_capture_comes_back_when_it_is_released(ask: Ask) -> None:
    before = json.loads(ask("verify", "--digests", "--json"))["tables"]["core.paper"]
    captures = json.loads(ask("captures", "list", "--date", "2026-01-20", "--json"))["captures"]
    ids = [capture["capture_id"] for capture in captures]
    ask("captures", "retract", *ids, "--reason", "a test")
    assert json.loads(ask("captures", "show", ids[0], "--json"))["state"] == "held"
    assert json.loads(ask("verify", "--digests", "--json"))["tables"]["core.paper"] != before
    assert json.loads(ask("verify", "--json"))["equal"]
    ask("captures", "release", *ids, "--reason", "the test is over")
    assert json.loads(ask("verify", "--digests", "--json"))["tables"]["core.paper"] == before


@pytest.mark.slow
def test_a_capture_restated_to_another_date_moves_to_that_day(ask: Ask) -> None:
    captures = json.loads(ask("captures", "list", "--date", "2026-01-21", "--json"))["captures"]
    capture_id = captures[0]["capture_id"]
    ask("captures", "restate", capture_id, "--feed-date", "2026-01-15", "--reason", "a test")
    query = "select state from core.feed_day where feed_date = '2026-01-15'"
    assert json.loads(ask("sql", query, "--format", "json")) == [{"state": "loaded"}]
    ask("captures", "restate", capture_id, "--feed-date", "2026-01-21", "--reason", "over")
    assert json.loads(ask("sql", query, "--format", "json")) == [{"state": "missing"}]


@pytest.mark.slow
def test_a_rebuild_gives_the_same_warehouse(ask: Ask) -> None:
    before = json.loads(ask("verify", "--digests", "--json"))["tables"]
    ask("rebuild")
    assert json.loads(ask("verify", "--digests", "--json"))["tables"] == before


def test_a_past_state_is_written_to_a_file_of_its_own(ask: Ask, tmp_path: Path) -> None:
    past = tmp_path / "past.duckdb"
    ask("rebuild", "--as-of", "2026-01-10", "--output", str(past))
    assert past.exists()
    ask("rebuild", "--as-of", "2026-01-10", code=2)


@pytest.mark.slow
def test_the_table_of_the_readme_loads_as_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (answers.CHECKOUT / "config" / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)
    (declared,) = [
        block
        for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
        if "feed.table.columns" in block
    ]
    (tmp_path / "feeds.toml").write_text(declared, encoding="utf-8")
    (tmp_path / "picks.csv").write_text(table, encoding="utf-8")
    monkeypatch.setenv("PAPERSTRATA_CONFIG", str(tmp_path))
    home = ["--home", str(tmp_path / "home")]
    assert run([*home, "ingest", str(tmp_path / "picks.csv")]) == 0
    capsys.readouterr()
    assert (
        run([*home, "sql", "select paper_id, votes, first_feed_date from mart.paper", "--json"])
        == 0
    )
    (paper,) = json.loads(capsys.readouterr().out)
    assert paper == {"paper_id": "arxiv:2506.01234", "votes": 1400, "first_feed_date": "2025-06-19"}


@pytest.mark.slow
def test_a_replay_of_rejects_keeps_what_is_still_wrong(ask: Ask) -> None:
    before = json.loads(ask("verify", "--digests", "--json"))["tables"]
    report = json.loads(ask("rejects", "replay", "--json"))
    assert report["captures"]["loaded"] == 2
    assert report["entries"]["rejected"] == 2
    assert json.loads(ask("verify", "--digests", "--json"))["tables"] == before


@pytest.mark.slow
def test_a_home_restored_from_landing_and_journal_is_equal(home: Path, tmp_path: Path) -> None:
    for folder in ("landing", "journal"):
        shutil.copytree(home / folder, tmp_path / folder)
    assert run(["--home", str(tmp_path), "rebuild"]) == 0
    digests = []
    for place in (home, tmp_path):
        with open_published(place / "warehouse.duckdb") as connection:
            digests.append(digest_tables(connection))
    assert digests[0] == digests[1]
