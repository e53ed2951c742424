"""The search over papers: what is a word, what is found, in which order, and what a run indexes."""

import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.flows.captures import Bench, api_body, api_entry
from transforms.postings import FIELDS, count_words, split_tokens
from warehouse.connection import open_published
from warehouse.derive import read_touched_texts
from warehouse.published import read_texts
from warehouse.search import count_papers_by_word, read_unindexed, read_words, search

OLD, NEW = "2024-06-20", "2025-06-20"


def listed(day: str, number: int, title: str, abstract: str, *names: str) -> dict[str, Any]:
    paper = {
        "id": f"2406.{number + 10_000}",
        "title": title,
        "summary": abstract,
        "authors": [{"name": name} for name in names],
        "submittedOnDailyAt": f"{day}T04:32:59.096Z",
        "publishedAt": f"{day}T01:00:00.000Z",
    }
    return api_entry(number, paper=paper)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Return a home with two days of papers, each loaded by a run of its own."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("search"), patch)
        old = [
            listed(OLD, 1, "World Models of Tin Roofs", "Rain falls.", "Zoë Löwe"),
            listed(OLD, 2, "Counting Rain", "A world in which a model rusts.", "Bo Reed"),
            listed(OLD, 3, "Slow Lanterns", "They glow.", "Ann World", "Model Smith"),
            listed(OLD, 6, "Tin Whistle", "It blows.", "Bo Reed"),
            listed(OLD, 7, "Глубокое машинное обучение", "О нём.", "Bo Reed"),
        ]
        new = [
            listed(NEW, 4, "Studies of Pebbles", "We sort pebbles.", "Bo Zoe", "Cy Reed"),
            listed(NEW, 5, "Slow Lanterns Again", "They glow. One study suffices.", "Zoe Reed"),
            listed(NEW, 6, "Copper Whistle", "It blows.", "Bo Reed"),
        ]
        for day, entries in ((OLD, old), (NEW, new)):
            name = f"in/{day}/{day.replace('-', '')}T235900Z.json"
            assert made.ingest(made.put(api_body(entries), name)).code == 0
        yield made


def found(bench: Bench, words: str, **narrowed: Any) -> list[int]:
    """Return the numbers of the papers that are found, in their order."""
    with open_published(bench.home / "warehouse.duckdb") as connection:
        papers = search(connection, words, **narrowed).papers
    return [int(paper.paper_id[-5:]) - 10_000 for paper in papers]


def test_all_words_are_found_in_any_field_the_title_first(bench: Bench) -> None:
    assert found(bench, "world model") == [1, 3, 2]


def test_case_accents_and_plurals_do_not_matter(bench: Bench) -> None:
    assert found(bench, "WORLDS' Models, lowe") == [1]
    assert set(found(bench, "study")) == {4, 5} == set(found(bench, "studies"))


def test_a_phrase_stands_in_one_field_as_it_is(bench: Bench) -> None:
    assert found(bench, '"world model"') == [1]
    assert found(bench, '"rain world"') == []
    assert found(bench, 'glow "slow lantern" "they glows" "one study" "study suffices"') == [5]
    assert found(bench, '"one study" "suffices study" "they glow" "glow they"') == []
    assert found(bench, '"машинное обучение"') == [7]
    assert found(bench, '"глубокое обучение"') == []


def test_of_two_alike_the_newer_paper_comes_first(bench: Bench) -> None:
    assert found(bench, '"slow lanterns"') == [5, 3]


def test_an_author_is_the_words_of_one_name(bench: Bench) -> None:
    assert found(bench, "pebbles", author="reed cy") == [4]
    assert found(bench, "pebbles", author="Bo Reed") == []


def test_topic_date_and_number_narrow_what_is_found(bench: Bench) -> None:
    assert found(bench, "slow lanterns", since=date(2025, 1, 1)) == [5]
    assert found(bench, "slow lanterns", limit=1) == [5]
    assert found(bench, "slow lanterns", topic="gradients") == []


@pytest.mark.parametrize(
    "words", ["", "  ", '"', '""', "'; drop table x --", "%_\\", "nowhere", "\0"]
)
def test_what_nothing_has_finds_nothing(bench: Bench, words: str) -> None:
    assert found(bench, words) == []


def test_any_word_is_enough_where_that_is_asked_for(bench: Bench) -> None:
    assert found(bench, "pebbles nowhere", any_word=True) == [4]
    with open_published(bench.home / "warehouse.duckdb") as connection:
        assert count_papers_by_word(connection, "pebbles Nowheres") == {"nowhere": 0, "pebble": 1}


def test_sql_searches_too(bench: Bench) -> None:
    query = "select paper_id[-1:], words_found from mart.search('world model')"
    assert bench.run("sql", query, "--format", "csv").out.splitlines()[1:] == ["1,2", "3,2", "2,2"]


@pytest.mark.slow
def test_a_rebuild_indexes_the_same_as_runs_did(bench: Bench) -> None:
    ending = bench.run("verify", "--json")
    assert (ending.code, ending.report["differing"]) == (0, [])
    assert ending.report["tables"]["core.search_paper"]["rows"] == 7


def test_texts_are_read_in_parts_that_are_bounded_by_bytes(bench: Bench) -> None:
    with open_published(bench.home / "warehouse.duckdb") as connection:
        connection.execute("create temp table touched_paper as select paper_id from core.paper")
        connection.execute("create temp table described_text (content_id varchar)")
        connection.execute(
            "create temp table indexed_paper as"
            " select paper.*, null::varchar as topics, content.rowid as text_row,"
            " row_number() over () as place"
            " from core.paper as paper inner join raw.content as content using (content_id)"
        )
        for parts in (
            list(read_touched_texts(connection, 1100)),
            list(read_unindexed(connection, 1100)),
            list(read_texts(connection, 100, 50)),
        ):
            assert [part.height <= 3 for part in parts] == [True] * len(parts)
            assert pl.concat(parts)["paper_id"].n_unique() == sum(map(len, parts)) == 7


def test_a_retitled_paper_is_found_by_its_new_title_alone(bench: Bench) -> None:
    assert (found(bench, "tin whistle"), found(bench, "copper whistle")) == ([], [6])


def test_words_of_tokens_are_the_words_of_their_texts(bench: Bench) -> None:
    """Every 409th character, all those around which words are parted, and what is joined."""
    letters = [chr(code) for code in range(1, sys.maxunicode, 409) if not 0xD7FF < code < 0xE000]
    marks = [*map(chr, range(1, 0x370)), "\u200b", "\u200d", "\u2028", "\u3000", "\uac00", "\u11a8"]
    texts = [
        None,
        "",
        "  ",
        "-- ...",
        "of state-of-the-art " * 33_000,
        *(f"Ab{one}s {one}ies {one} é{one} \u0301{one}" for one in marks),
        *(f"A{one}ies\t{one} {one} ÜS" for one in letters),
    ]
    papers = pl.DataFrame(
        {
            "paper_id": [f"p{number:05}" for number in range(len(texts))],
            **{field: texts[n:] + texts[:n] for n, field in enumerate(FIELDS)},
        },
        schema=dict.fromkeys(("paper_id", *FIELDS), pl.String),
    )
    tokens = split_tokens(papers)
    with open_published(bench.home / "warehouse.duckdb") as connection:
        postings = count_words(tokens, read_words(connection, tokens.distinct), papers["paper_id"])
        connection.register("papers", papers.to_arrow())
        expected = connection.sql(WORDS_OF_WHOLE_TEXTS).pl()
    words = pl.DataFrame(postings.words).with_columns(pl.col("word", "paper_id").cast(pl.String))
    assert_frame_equal(words, expected, check_dtypes=False)
    sums = words.group_by("paper_id").agg(pl.col("^.*_count$").cast(pl.Int32).sum())
    renamed = sums.rename(lambda name: name.replace("_count", "_words"))
    without = papers.select("paper_id").join(renamed, on="paper_id", how="left").fill_null(0)
    assert_frame_equal(postings.papers, without)
    assert words["title_count"].max() == 32_767


WORDS_OF_WHOLE_TEXTS = """
select
    core.folded_word(spelling) as word,
    paper_id,
    least(count(*) filter (field = 'title'), 32767) as title_count,
    least(count(*) filter (field = 'author'), 32767) as author_count,
    least(count(*) filter (field = 'topic'), 32767) as topic_count,
    least(count(*) filter (field = 'abstract'), 32767) as abstract_count
from (
    select paper_id, field, unnest(core.spellings(text)) as spelling
    from (unpivot papers on columns(* exclude (paper_id)) into name field value text)
)
where spelling != ''
group by word, paper_id
order by word, paper_id
"""
