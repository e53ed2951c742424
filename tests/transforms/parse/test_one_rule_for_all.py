"""Values are read by one rule in every format: counts, missing values, dates that disagree."""

import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.flows.captures import api_body, api_entry
from transforms.parse.entry import Context, Parsed
from transforms.parse.readers.names import split_names
from transforms.parse.readers.tables import Declared
from transforms.parse.recognise import recognise

COLUMNS = {"title": ("Title",), "source_id": ("Id",), "votes": ("Votes",), "authors": ("By",)}
DECLARED = Declared({**COLUMNS, "feed_date": ("Day",), "published_at": ("At",)})
COUNTS: list[tuple[Any, int | None, bool]] = [
    (12, 12, False),
    (12.0, 12, False),
    ("17", 17, False),
    ("1,204", 1204, False),
    ("1.2k", 1200, False),
    (None, None, False),
    (float("nan"), None, False),
    ("-", None, False),
    ("1.000", None, True),
    ("1.204", None, True),
    (7.5, None, True),
    ("many", None, True),
    (True, None, True),
]
"""A value, the count that it is, and whether it is an issue."""
ID = "2506.01234"


def parse(body: bytes, declared: Declared = DECLARED) -> Parsed:
    known = recognise(body, {"picks": declared})
    return known.format.parse(known.document, Context())


def of_api(value: Any) -> bytes:
    return api_body([api_entry(0, paper={"upvotes": value})])


def of_json_table(value: Any) -> bytes:
    return json.dumps([{"Title": "A Study", "Id": ID, "Votes": value}]).encode()


@pytest.mark.parametrize("make", [of_api, of_json_table])
@pytest.mark.parametrize("value, count, is_issue", COUNTS)
def test_a_count_is_one_in_every_format(
    make: Any, value: Any, count: int | None, is_issue: bool
) -> None:
    parsed = parse(make(value))
    (entry,) = parsed.entries
    assert entry.votes == count
    assert [found.field for found in parsed.misfits] == ["votes"] * is_issue


@pytest.mark.parametrize(
    "signs, text, count", [({"thousands": "."}, "1.204", 1204), ({"decimal": ","}, "12,0", 12)]
)
def test_a_feed_declares_the_signs_of_its_numbers(
    signs: dict[str, str], text: str, count: int
) -> None:
    parsed = parse(of_json_table(text), Declared(COLUMNS, **signs))
    assert (parsed.entries[0].votes, parsed.misfits) == (count, [])


def test_the_first_line_of_excel_says_what_parts_the_cells() -> None:
    parsed = parse(f"sep=;\r\nTitle;Id;Votes\r\nA, B;{ID};3\r\n".encode())
    assert [(entry.title, entry.votes) for entry in parsed.entries] == [("A, B", 3)]


BROKEN = {
    "text behind a quote": '"A Study" x,2506.00002,3',
    "a quote that is never closed": '"A Study,2506.00002,3',
    "a cell too many": "A Study,2506.00002,3,4",
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_row_takes_no_neighbour_with_it(how: str) -> None:
    rows = ["Title,Id,Votes", "One,2506.00001,1", BROKEN[how], '"Three\nlines",2506.00003,3']
    parsed = parse("\n".join([*rows, "Four,2506.00004,4"]).encode())
    assert [entry.source_id for entry in parsed.entries if entry.title] == [
        "2506.00001",
        "2506.00003",
        "2506.00004",
    ]
    assert {found.position for found in parsed.misfits} == {1}


def test_one_time_beyond_all_calendars_is_one_value_and_not_the_file() -> None:
    times = pa.array([0, 2**62], pa.timestamp("us"))
    table = pa.table({"Title": ["A", "B"], "Id": [ID, "2506.01235"], "At": times})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    parsed = parse(sink.getvalue().to_pybytes())
    assert [entry.title for entry in parsed.entries] == ["A", "B"]
    assert parsed.entries[0].published_at == "1970-01-01T00:00:00+00:00"


@pytest.mark.parametrize("days, stated", [(("09", "10"), 2), (("09", "09"), 0)])
def test_rows_of_several_days_say_which(days: tuple[str, str], stated: int) -> None:
    rows = [f"A,250{n}.0123{n},2025-03-{day}" for n, day in enumerate(days, 5)]
    parsed = parse("\n".join(["Title,Id,Day", *rows]).encode())
    assert len(parsed.stated_days) == stated
    assert (parsed.feed_date is None) == bool(stated)


LISTS = [
    *('[{"name": "Ada Example"}, {"name": "Ben Sample"}]', '["Ada Example", "Ben Sample"]'),
    *("['Ada Example', 'Ben Sample']", "Ada Example, Ben Sample"),
]


@pytest.mark.parametrize("text", LISTS)
def test_names_are_read_from_every_way_to_write_a_list(text: str) -> None:
    assert split_names(text) == ["Ada Example", "Ben Sample"]


def test_french_in_windows_1252_is_read_and_other_code_pages_are_not_guessed() -> None:
    title = "Été à l’école : réseaux où l’on généralise très légèrement"
    plain = "".join(f"A quiet study of lanterns in the fog;2506.1{n:04}\n" for n in range(5))
    body = f"Title;Id\n{title};{ID}\n{plain}"
    assert parse(body.encode("cp1252")).entries[0].title == title
