"""What ``trends`` says where there is nothing to compare."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.cli.trend_grain import Chosen
from flows.cli.trend_life import print_life
from flows.cli.trend_text import print_list, say_nothing
from tests.flows.captures import Bench, api_body, api_entry
from warehouse.trend_answers import Alarm, TrendList
from warehouse.trend_values import Burst, Life


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
        "nothing to compare: of 2 papers in daily lists, none names a topic in its text\n"
    )
    topic = bench.rows("select min(topic_id) from core.topic")[0][0]
    assert bench.run("trends", "--topic", topic).out == (
        "nothing to compare: of 2 papers in daily lists,"
        f" none names the topic {topic} in its text\n"
    )
    assert bench.run("trends", "--feed", "arxiv-new").out == (
        "nothing to compare: no papers of arxiv-new are loaded, or were known by then\n"
    )
    assert bench.run("trends", "--papers", "--feed", "arxiv-new").out == (
        "no paper with votes was at most 30 days old at the newest look of its daily list\n"
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


def made(grain: str = "week", **values: Any) -> TrendList:
    """Return a list in which nothing rises."""
    first, last = date(2024, 1, 1), date(2025, 3, 3)
    plain = TrendList("daily", grain, first, last, 60, 9, 0, 0, 0.15, None, 20, (), (), ())
    return replace(plain, **values)


def test_alarms_are_told_apart_from_bursts_with_what_was_foretold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    alarm = Alarm("agents", "LLM agents", date(2025, 3, 3), 30, 200, 9.25, 0.004, 40)
    print_list(Chosen(made(alarms=(alarm,), alarm_topics=40)), 5)
    told = capsys.readouterr().out
    assert "  no topic rises suddenly (9 topics searched)\n  alarms in the week of" in told
    assert "30 of 200 papers, 9.2 expected (q 0.0040, 40 topics tested)" in told
    print_list(Chosen(made(alarm_topics=40)), 5)
    assert "no alarms in the week of 2025-03-03, without hindsight" in capsys.readouterr().out


def test_the_heading_says_why_four_weeks_are_compared_and_nothing_before_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    by_week = made(found=2)
    print_list(Chosen(made("four-weeks", begins="category"), (by_week,)), 5)
    assert capsys.readouterr().out.startswith(
        "daily, by four weeks: 60 periods of four weeks compared, 2024-01-01 to 2025-03-03"
        " (the last ends on 2025-03-30)\n"
        "  shorter periods tell nothing: by week 2 bursts were found, none beyond chance, which"
        " gives 0.15\n"
        "  nothing before is compared: what the list shows changed then (category of papers)\n"
    )


def test_what_rises_by_longer_periods_alone_is_told_once_behind_the_bursts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def burst(topic: str, start: date) -> Burst:
        days = (start, start, start, None)
        return Burst("daily", topic, topic.title(), *days, "active", 9.0, 30, 500, 3.1, 9.0)

    agents, rewards = burst("agents", date(2025, 2, 3)), burst("rewards", date(2025, 1, 1))
    longer = tuple(made(grain, bursts=(agents, rewards)) for grain in ("four-weeks", "month"))
    print_list(Chosen(made(bursts=(agents,)), (), longer), 5)
    told = [line for line in capsys.readouterr().out.splitlines() if " also: " in line]
    assert told == [
        "  by four weeks also: Rewards, since 2025-01-01: 30 of 500 papers, where 3.1 are usual"
    ]


def test_a_list_of_which_nothing_of_late_can_be_compared_says_so_before_all_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for newest, is_old in ((date(2025, 3, 31), False), (date(2025, 4, 1), True)):
        print_list(Chosen(made(newest_day=newest)), 5)
        said = capsys.readouterr().out.splitlines()[1]
        assert said.startswith("  not of today: after the week of 2025-03-03 too few") is is_old


def test_a_life_is_told_with_its_intervals_or_the_reason_why_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    day = date(2024, 5, 10)
    life = Life(
        *("daily", "agents", date(2024, 1, 9), date(2024, 1, 1), date(2024, 12, 1)),
        *(120, 1200, 12, "one peak", 0.5, day, date(2024, 4, 10), date(2024, 6, 10)),
        *(4.0, 3.0, 5.1, 2.0, 1.0, None, None, None, None),
    )
    print_life(life)
    assert capsys.readouterr().out == (
        "  life in daily: first seen 2024-01-09; 120 of 1200 papers in 12 months, 2024-01 to"
        " 2024-12: a Gompertz curve peaks on 2024-05-10 (2024-04-10 to 2024-06-10) at 50.0%;"
        " 4.0 months (3.0 to 5.1) after it was first seen; half of it 2.0 months later"
        " (1.0 or more)\n"
    )
    print_life(replace(life, course="too few papers"))
    assert "too few papers, or months, for a curve" in capsys.readouterr().out


def test_a_general_topic_is_said_to_be_no_trend(capsys: pytest.CaptureFixture[str]) -> None:
    say_nothing(9, "large-language-models", None, is_general=True)
    assert "large-language-models is a general topic" in capsys.readouterr().out
