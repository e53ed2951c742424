"""Accepted entries in the one form in which they are kept."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.captures import FEWER, TITLES, api_body, api_entry, search_text, take_apart
from transforms.conform import conform
from transforms.schemas import CONTENT, ENTRY
from transforms.text import hash_text, key_text
from transforms.validate import validate


def conformed(paper: dict[str, Any]) -> dict[str, Any]:
    """Return the first of a few entries, conformed, with its text."""
    taken = take_apart(api_body([api_entry(0, paper=paper), api_entry(1), api_entry(2)]))
    return taken.accepted[0]


def test_nothing_conforms_to_empty_frames_of_the_right_columns() -> None:
    empty = conform(validate([]).accepted)
    assert (empty.entries.schema, empty.contents.schema) == (ENTRY, CONTENT)
    assert empty.entries.height == empty.contents.height == 0


@pytest.mark.parametrize(
    "shown, source_id, version",
    [
        ("2506.01939", "arxiv:2506.01939", None),
        ("2506.01939v2", "arxiv:2506.01939", 2),
        ("2506.10", None, None),
        ("0704.0001v12", "arxiv:0704.0001", 12),
        ("hep-th/9901001", "arxiv:hep-th/9901001", None),
        ("hep-th/9901001v3", "arxiv:hep-th/9901001", 3),
        ("2506.01939v99999999999", "arxiv:2506.01939", None),
    ],
)
def test_an_arxiv_id_loses_its_version_and_keeps_its_archive_and_its_zeros(
    shown: str, source_id: str | None, version: int | None
) -> None:
    taken = take_apart(api_body([api_entry(0, paper={"id": shown}), api_entry(1), api_entry(2)]))
    if source_id is None:
        assert taken.rejected == [(0, "source_id", "id_scheme")]
        return
    entry = taken.accepted[0]
    assert (entry["source_id"], entry["source_version"]) == (source_id, version)
    assert entry["own_id"] == source_id


def test_the_three_dates_are_kept_apart() -> None:
    paper = {
        "publishedAt": "2025-06-18T23:30:00.000-02:00",
        "submittedOnDailyAt": "2025-06-20T04:00:00.000Z",
    }
    source = api_entry(0, paper=paper, publishedAt="2025-06-17T01:00:00.000Z")
    entry = take_apart(api_body([source])).accepted[0]
    assert {
        name: str(entry[name])
        for name in ("published_at", "submitted_at", "listed_at", "published_date")
    } == {
        "published_at": "2025-06-19 01:30:00",
        "submitted_at": "2025-06-20 04:00:00",
        "listed_at": "2025-06-17 01:00:00",
        "published_date": "2025-06-19",
    }


def test_a_day_without_a_time_is_the_published_date_alone() -> None:
    text = search_text(form="dated")
    entry = take_apart(text, kind="search", id_scheme="none", feed_date=None).accepted[0]
    assert (entry["published_date"], entry["published_at"]) == (date(2021, 7, 14), None)


@pytest.mark.parametrize(
    "name, column",
    [("organization", "organisation"), ("githubStars", "stars"), ("summary", "abstract")],
)
def test_what_is_missing_is_null(name: str, column: str) -> None:
    source = api_entry(0)
    source["paper"].pop(name, None)
    source.pop("summary")
    assert take_apart(api_body([source])).accepted[0][column] is None


def test_zero_is_zero_and_not_missing() -> None:
    assert conformed({"upvotes": 0, "githubStars": 0})["votes"] == 0
    assert conformed({"upvotes": 0, "githubStars": 0})["stars"] == 0


def test_texts_are_readable_and_authors_in_order() -> None:
    entry = conformed(
        {
            "title": "Slow\n\\emph{Mirrors}\u00a0Learn",
            "summary": " We look.\r\nAnd\u200b look.",
            "authors": [{"name": "Zoë  Example"}, {"name": "\u200b"}, {"name": "Ada"}],
            "organization": {"name": " Example\tLabs "},
            "ai_keywords": ["mirrors ", ""],
        }
    )
    assert entry["title"] == "Slow Mirrors Learn"
    assert entry["abstract"] == "We look. And look."
    assert entry["authors"] == ["Zoë Example", "Ada"]
    assert entry["organisation"] == "Example Labs"
    assert entry["keywords"] == ["mirrors"]


def test_keys_are_those_of_the_readable_text() -> None:
    entry = conformed({"title": "{\\it Slow}  Mirrors", "summary": "We \\emph{look}."})
    assert entry["title_key"] == "slowmirrors"
    assert entry["content_key"] == hash_text("slowmirrors\x1f" + key_text("We look."))


def test_a_text_that_stands_twice_is_one_content() -> None:
    sources = [api_entry(0), api_entry(1), api_entry(0, paper={"upvotes": 9})]
    facts = take_apart(api_body(sources)).conformed
    assert facts.entries.height == 3
    assert facts.contents["title"].to_list() == list(TITLES[:2])


def test_an_old_id_with_and_without_its_class_is_one_paper() -> None:
    with_class = conformed({"id": "math.AG/0501001"})["source_id"]
    assert with_class == conformed({"id": "math/0501001"})["source_id"]


@pytest.mark.slow
@FEWER
@given(st.permutations(range(5)))
def test_the_order_of_entries_changes_positions_only(order: list[int]) -> None:
    sources = [api_entry(number) for number in order]
    rows = take_apart(api_body(sources)).accepted
    assert [row["position"] for row in rows] == list(range(5))
    by_id = {row["source_id"]: {**row, "position": None} for row in rows}
    straight = take_apart(api_body([api_entry(number) for number in range(5)])).accepted
    assert by_id == {row["source_id"]: {**row, "position": None} for row in straight}
