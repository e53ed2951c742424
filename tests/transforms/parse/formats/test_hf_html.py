"""Saved pages of the paper list: the date, the entries, and pages that are none."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples.hf_html import AROUND, PROPS, page
from tests.transforms.parse.judged import (
    FEWER,
    assert_is_sound,
    assert_nothing_is_lost,
    damaged,
    judge,
)
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.hf_html import is_hf_html, parse, read_page


def take(text: str) -> Parsed:
    """Parse a page."""
    return parse(read_page(text), Context())


def test_a_page_says_its_papers_and_its_date() -> None:
    parsed = take(page(PROPS))
    (entry,) = judge(parsed).accepted
    assert parsed.feed_date == date(2026, 3, 10)
    assert (entry["source_id"], entry["votes"], entry["comments"]) == ("arxiv:2603.01234", 42, 2)
    assert entry["title"] == 'Small "Things" & <Others>'
    assert entry["abstract"] == "We count a < b small things."
    assert entry["authors"] == ["Ada Lovelace"]


@pytest.mark.parametrize(
    "form",
    [
        "<div data-props={} data-target='DailyPapers'/>",
        "<main><div\n data-target = DailyPapers\n data-props = {}\n></main>",
        '<div data-target="DailyPapers" data-props={}>' + "<p>" * 3_000,
    ],
)
def test_the_attribute_is_found_however_the_tag_is_written(form: str) -> None:
    text = page(PROPS, form)
    assert is_hf_html(text)
    assert len(take(text).entries) == 1


def test_single_quotes_around_the_attribute_will_do() -> None:
    text = json.dumps({**PROPS, "dailyPapers": []})
    parsed = take(f"<div data-target='DailyPapers' data-props='{text}'></div>")
    assert (parsed.feed_date, parsed.entries, parsed.envelope_error) == (
        date(2026, 3, 10),
        [],
        None,
    )


@pytest.mark.parametrize(
    ("changes", "feed_date"),
    [
        ({"dateString": None}, date(2026, 3, 9)),
        ({"dateString": "soon"}, date(2026, 3, 9)),
        ({"periodType": "week", "dateString": "2026-W11"}, None),
        ({"periodType": "month", "dateString": "2026-03"}, None),
    ],
)
def test_only_a_days_page_has_a_date(changes: dict[str, Any], feed_date: date | None) -> None:
    text = page({**PROPS, **changes})
    assert take(text).feed_date == feed_date
    assert read_page(text).is_of_a_day == (feed_date is not None)


@pytest.mark.parametrize(
    ("props", "error"),
    [
        ("{broken", "the page has no readable data-props"),
        ([1], "the page has no readable data-props"),
        ({}, "the page has no list under 'dailyPapers'"),
        ({"dailyPapers": {}}, "the page has no list under 'dailyPapers'"),
    ],
)
def test_a_page_with_another_inside_is_held(props: Any, error: str) -> None:
    assert take(page(props)).envelope_error == error


def test_other_pages_are_not_taken_for_lists() -> None:
    assert not is_hf_html(AROUND)
    assert not is_hf_html('<div data-target="DailyPapersCard" data-props="{}">')


@FEWER
@given(
    st.lists(st.tuples(st.integers(0, 1_500), st.integers(0, 60), st.text(max_size=20)), max_size=4)
)
def test_a_damaged_page_loses_nothing(cuts: list[tuple[int, int, str]]) -> None:
    text = damaged(page(PROPS), cuts)
    is_hf_html(text)
    assert_nothing_is_lost(take(text))


@given(
    st.dictionaries(st.sampled_from(list(PROPS)), st.none() | st.text() | st.lists(st.integers()))
)
def test_props_of_any_types_are_read(props: dict[str, Any]) -> None:
    assert_is_sound(take(page(props)))


@pytest.mark.parametrize(
    "piece",
    [
        'data-props="',
        "data-props='\"",
        'data-target="DailyPapers" data-props="{"',
        "<",
        "data-target=",
        "&quot;",
    ],
)
@pytest.mark.timeout(60)
def test_reading_a_page_takes_time_in_proportion_to_its_length(piece: str) -> None:
    text = piece * (600_000 // len(piece))
    is_hf_html(text)
    take(text)


def test_half_a_surrogate_pair_in_the_properties_is_an_unknown_character() -> None:
    parsed = take(page(PROPS).replace("&quot;title&quot;:", "&quot;x\\ud83d&quot;:", 1))
    assert parsed.envelope_error is None
