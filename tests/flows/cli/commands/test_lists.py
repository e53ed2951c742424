"""What lists papers, topics, captures and refused files: for people, for programs, and cut."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterator

import pytest

from flows.cli.main import run
from tests.flows.captures import DAY, LOOK_TIME, Bench, api_page
from tests.flows.cli.terminal import Terminal


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Return a home with three papers, seen twice, and a refused file."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("lists"), patch)
        made.put(api_page(3), f"here/{DAY}/{LOOK_TIME}.json")
        more = api_page(3).replace(b'"upvotes": 4', b'"upvotes": 9')
        made.put(more, f"here/{DAY}/20250621T070000Z.json")
        made.put("no capture", "here/readme.txt")
        assert made.ingest().code == 1
        yield made


def titles(bench: Bench, *arguments: str) -> list[str]:
    return [one["title"] for one in bench.run(*arguments, "--json").report["papers"]]


def test_papers_are_listed_by_votes_by_gain_and_by_date(bench: Bench) -> None:
    assert titles(bench, "papers", "--top")[0] == "On the Patience of Wandering Agents"
    assert titles(bench, "papers", "--gaining") == ["On the Patience of Wandering Agents"]
    assert len(titles(bench, "papers", "--feed", "hf-daily", "--since", DAY)) == 3
    assert titles(bench, "papers", "--since", "2025-06-21") == []
    assert titles(bench, "papers", "--topic", "Gradients") == ["A Field Guide to Quiet Gradients"]
    assert bench.run("papers", "--top", "--gaining").code == 2


def test_a_list_says_what_its_limit_leaves_out(bench: Bench) -> None:
    assert bench.run("papers", "--limit", "2").out.splitlines()[-1] == "3 papers, 2 shown (--limit)"
    assert bench.run("papers").out.splitlines()[-1] == "3 papers"
    captures = bench.run("captures", "list", "--limit", "1")
    assert captures.out.splitlines()[-1] == "2 captures, 1 shown (--limit)"
    assert len(bench.run("captures", "list", "--json").report["captures"]) == 2
    cut = bench.run("papers", "--limit", "2", "--format", "csv")
    assert (len(cut.out.splitlines()), cut.err) == (3, "3 papers, 2 shown (--limit)\n")


@pytest.mark.parametrize("found", [("search", "agents"), ("papers",)])
def test_a_list_without_rows_has_the_same_columns(bench: Bench, found: tuple[str, ...]) -> None:
    heading = bench.run(*found, "--format", "csv").out.splitlines()[0]
    empty = bench.run(*found, "--format", "csv", "--since", "2099-01-01")
    assert (empty.code, empty.out.splitlines()) == (0, [heading])


def test_a_search_is_written_in_every_format(bench: Bench) -> None:
    found = bench.run("search", "wandering agents", "--json").report
    assert (found["papers_found"], found["words"]) == (1, {"agent": 1, "wandering": 1})
    (row,) = csv.DictReader(io.StringIO(bench.run("search", "agents", "--format", "csv").out))
    assert json.loads(row["authors"]) == ["Ada Example", "Ben Sample"]
    line = json.loads(bench.run("search", "agents", "--format", "ndjson").out)
    assert line["paper_date"] == DAY
    assert bench.run("search", "agents").out.splitlines()[-1] == "1 paper"


def test_a_word_that_no_paper_has_is_told_with_near_ones(bench: Bench) -> None:
    out = bench.run("search", "smal", "thingz").out.splitlines()
    assert out[0].startswith("no paper has 'smal'; did you mean small")
    (note, _) = bench.run("search", "smal", "thingz", "--json").report["notes"]
    assert note == out[0]
    out = bench.run("search", '"pebble gradients"').out.splitlines()
    assert out[0].startswith("no paper has all of it; papers with each word: gradient 1, pebble")
    # some may have it, but for the filter
    out = bench.run("search", "wandering agents", "--since", "2025-06-21").out.splitlines()
    assert out[0].startswith("no paper has all of it and fits --since; papers with")


def test_topics_are_listed_with_what_they_match(bench: Bench) -> None:
    assert bench.run("topics").out == bench.run("topics", "list").out
    (topic,) = bench.run("topics", "list", "gradients", "--json").report["topics"]
    assert (topic["name"], topic["papers"]) == ("Gradients", 1)
    assert "quiet gradient" in topic["phrases"]
    assert topic["title_phrases"] == ["slow gradient"]
    assert "title: slow gradient" in bench.run("topics", "list", "gradients").out


def test_refused_files_are_listed(bench: Bench) -> None:
    (one,) = bench.run("captures", "refused", "--json").report["refused_files"]
    assert one["path"].endswith("readme.txt")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*", one["seen_at"])
    nowhere = bench.run("captures", "refused", "--home", bench.home.parent / "hoem")
    assert (nowhere.code, nowhere.out) == (2, "")


@pytest.mark.parametrize(
    "arguments, hint",
    [
        (("papers", "--topic", "gradents"), "topic 'gradents'; did you mean gradients"),
        (("papers", "--feed", "hf-dayly"), "daily list 'hf-dayly'; did you mean hf-daily"),
        (("captures", "list", "--feed", "hf"), "feed 'hf'; did you mean hf-"),
        (("topics", "list", "gradient"), "topic 'gradient'; did you mean gradients"),
        (("topics", "lst"), "verb 'lst'; did you mean list"),
        (("serch", "x"), "verb 'serch'; did you mean search"),
        (("fetch", "hf-dayly"), "feed 'hf-dayly'; did you mean hf-daily"),
        (
            ("backfill", "hf-dayly", "--from", DAY, "--to", DAY),
            "feed 'hf-dayly'; did you mean hf-daily",
        ),
        (("ingest", ".", "--feed", "hf-dayly"), "feed 'hf-dayly'; did you mean hf-daily"),
        (("sql", "--saved", "risin"), "saved query 'risin'; did you mean rising"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_near_ones(
    bench: Bench, arguments: tuple[str, ...], hint: str
) -> None:
    ending = bench.run(*arguments)
    assert (ending.code, ending.out) == (2, "")
    assert f"there is no {hint}" in ending.err


def test_the_home_stands_before_or_after_the_verb(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = bench.home
    monkeypatch.delenv("PAPERSTRATA_HOME")
    monkeypatch.setenv("HOME", str(home.parent / "nobody"))
    assert bench.run("--home", home, "papers").code == 0
    assert bench.run("papers", "--home", home).out == bench.run("--home", home, "papers").out
    assert bench.run("captures", "refused", "--home", home).code == 0
    assert bench.run("captures", "--home", home, "refused").code == 0
    (home / "sub").mkdir()
    assert bench.run("--home", home, "papers", "--home", home / "sub").code == 2


@pytest.mark.parametrize(
    "verb", ["ingest", "bursts", "topics assign", "topics check", "sql --file"]
)
def test_a_path_that_is_not_there_is_a_mistake_of_usage(bench: Bench, verb: str) -> None:
    assert bench.run(*verb.split(), bench.inbox / "nowhere").code == 2


def test_a_terminal_is_shown_as_much_as_fits(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("COLUMNS", "80"), ("LINES", "24"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)

    def shown(*arguments: str) -> list[str]:
        terminal = Terminal()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", terminal)
            assert run(arguments) == 0
        return terminal.getvalue().splitlines()

    answer = shown("sql", "select paper.*, x from paper, range(50) as t(x)")
    assert max(map(len, answer)) <= 80
    assert "150 rows (20 shown)" in answer[-1]
    assert "columns (" in answer[-1]
    whole = shown("sql", "select paper.*, x from paper, range(50) as t(x)", "--all")
    assert len(whole) > 150
    assert "licence" in whole[1]
    assert max(map(len, shown("papers"))) <= 80
    assert max(map(len, shown("captures", "list"))) <= 80
