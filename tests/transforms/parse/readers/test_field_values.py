"""Times, counts and names as sources write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse.readers.field_values import (
    iso_date,
    iso_time,
    looked_at,
    read_count,
    read_time,
)
from transforms.parse.readers.names import forename_first, says_more, split_names


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-06-20T07:55:47Z", "2025-06-20T07:55:47+00:00"),
        ("2025-06-20T07:55:47", "2025-06-20T07:55:47+00:00"),
        ("Thu, 18 Sep 2025 00:00:00 -0400", "2025-09-18T04:00:00+00:00"),
        ("Mon, 12 Jun 2017 17:57:34 GMT", "2017-06-12T17:57:34+00:00"),
        ("2003-06-18", "2003-06-18T00:00:00+00:00"),
        ("yesterday", "yesterday"),
        (None, None),
    ],
)
def test_a_time_becomes_iso_in_utc_and_what_is_none_stays(
    text: str | None, time: str | None
) -> None:
    assert iso_time(text) == time


def test_a_time_of_twelve_hours_is_read_with_its_half_of_the_day() -> None:
    shown = ("Mar 4, 2025, 3:00 PM", "Mar 4, 2025 12:05 am", "4 Mar 2025 12:05 p.m.")
    read = [time and time.strftime("%d %H:%M") for time in map(read_time, shown)]
    assert read == ["04 15:00", "04 00:05", "04 12:05"]


def test_a_day_is_the_day_in_the_zone_that_states_it() -> None:
    assert iso_date("2018-05-23T20:30:00-05:00") == "2018-05-23"


def test_a_reply_stamped_with_midnight_says_the_day_and_not_the_time() -> None:
    assert looked_at("2026-04-12T22:09:26Z") == (
        datetime.fromisoformat("2026-04-12T22:09:26"),
        None,
    )
    assert looked_at("2025-08-20T00:00:00-04:00") == (None, date(2025, 8, 20))
    assert looked_at("soon") == (None, None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("1.44k", 1440),
        ("2M", 2_000_000),
        ("1,440", 1440),
        ("12.0", 12),
        ("1.4441k", None),
        ("1.5", None),
        ("twelve", None),
        ("-3", None),
        ("", None),
    ],
)
def test_a_count_is_read_where_it_is_a_whole_number(text: str, number: int | None) -> None:
    assert read_count(text) == number


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Ada Lovelace, Alan Turing and Grace Hopper",
            ["Ada Lovelace", "Alan Turing", "Grace Hopper"],
        ),
        ("Ada Lovelace; Turing, Alan", ["Ada Lovelace", "Turing, Alan"]),
        ("['Ada Lovelace', \"Miles O'Brien\"]", ["Ada Lovelace", "Miles O'Brien"]),
        ("['Ada Lovelace' 'Alan Turing']", ["Ada Lovelace", "Alan Turing"]),
        ("A. Dilks (STAR (and others)), B. Roe", ["A. Dilks", "B. Roe"]),
        ("Waldyr Rodrigues, Jr., Ada Lovelace", ["Waldyr Rodrigues Jr.", "Ada Lovelace"]),
        ("Anders Sand", ["Anders Sand"]),
        ("  ", []),
    ],
)
def test_names_are_told_apart(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def test_a_surname_before_a_comma_goes_behind_the_forenames() -> None:
    assert forename_first("von Neumann-Cosel, P.") == "P. von Neumann-Cosel"
    assert forename_first("King, Martin L., Jr.") == "Martin L. King Jr."
    assert forename_first("LIGO Scientific Collaboration") == "LIGO Scientific Collaboration"


def test_a_list_of_names_may_say_that_it_is_not_whole() -> None:
    assert says_more("Ada Lovelace, Alan Turing +3 more")
    assert says_more("Ada Lovelace et al.")
    assert not says_more("Ada Lovelace, Al Moreno")


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    iso_time(text)
    iso_date(text)
    looked_at(text)
    read_count(text)
    assert all(name == name.strip() for name in split_names(text))
    forename_first(text)


def test_a_list_without_quotes_is_read_as_one() -> None:
    assert split_names("[Ada Lovelace, Alan Turing]") == ["Ada Lovelace", "Alan Turing"]
    assert split_names("[Ada Lovelace]") == ["Ada Lovelace"]
