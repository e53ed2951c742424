"""What ``trends`` says where there is nothing to compare."""

from datetime import date
from pathlib import Path

import pytest

from flows.cli.trend_grain import Chosen
from flows.cli.trend_text import print_list, say_nothing
from tests.flows.captures import Bench, api_body, api_entry
from warehouse.trend_answers import TrendList


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_a_plot_goes_neither_into_the_home_nor_over_a_file_that_is_there(bench: Bench) -> None:
    mine = bench.inbox / "mine.svg"
    bench.put(b"mine", mine.name)
    inside = bench.home / "drawn.svg"
    for path, reason in ((mine, "is there"), (inside, "lies in the home folder")):
        ending = bench.run("trends", "--plot", path)
        assert ending.code == 2
        assert reason in ending.err
    assert mine.read_bytes() == b"mine"
    assert bench.run("trends", "--papers", "--plot", bench.inbox / "new.svg").code == 2


def test_papers_without_a_topic_are_told_from_no_papers(bench: Bench) -> None:
    untold = {"title": "A Modest Study of Small Mirrors", "summary": "They are small."}
    entries = [api_entry(number, paper={**untold, "id": f"2506.1000{number}"}) for number in (1, 2)]
    bench.put(api_body(entries))
    assert bench.ingest(bench.inbox).code == 0
    assert bench.run("trends").out == (
        "nothing to compare: of 2 papers in daily lists, none has a topic\n"
    )
    topic = bench.rows("select min(topic_id) from core.topic")[0][0]
    assert bench.run("trends", "--topic", topic).out == (
        f"nothing to compare: of 2 papers in daily lists, none has the topic {topic}\n"
    )
    assert bench.run("trends", "--feed", "arxiv-new").out == (
        "nothing to compare: no papers of arxiv-new are loaded, or were known by then\n"
    )


def test_the_list_of_papers_takes_no_option_of_topics(bench: Bench) -> None:
    refused = bench.run("trends", "--papers", "--topic", "llm-agents")
    assert refused.code == 2
    assert "--papers goes with --feed, --limit, --as-of and --json only" in refused.err


@pytest.mark.parametrize(
    ("is_searched", "found", "told"),
    [
        (True, 0, "  no burst of LLM agents on 2025-03-01 or later (9 topics searched)"),
        (False, 0, "not searched: a general topic, or too few papers in these weeks)"),
        (None, 2, "bursts found: 2, none shown, for chance gives 0.15)"),
    ],
)
def test_where_no_burst_is_told_the_reason_is_said(
    is_searched: bool | None, found: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, last = date(2024, 1, 1), date(2025, 3, 3)
    trends = TrendList(
        *("daily", "week", first, last, 60, 9, found, 0, 0.15, None, 20, (), (), ()), is_searched
    )
    print_list(Chosen(trends), 5, "LLM agents", date(2025, 3, 1))
    assert told in capsys.readouterr().out


def test_a_general_topic_is_said_to_be_no_trend(capsys: pytest.CaptureFixture[str]) -> None:
    say_nothing(9, "large-language-models", None, is_general=True)
    assert "large-language-models is a general topic" in capsys.readouterr().out
