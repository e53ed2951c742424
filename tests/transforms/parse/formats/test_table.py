"""Tables with declared columns: CSV, JSON, JSON lines and Parquet, with all their dirt."""

import json
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.feeds import TableConfig
from tests.samples.table import COLUMNS, CSV, DECLARED, HEADER, parquet
from tests.transforms.parse.judged import (
    FEWER,
    Checked,
    assert_is_sound,
    assert_nothing_is_lost,
    damaged,
    judge,
)
from transforms.errors import ParquetError, TableError
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.table import parse
from transforms.parse.readers.tables import declare, read_table


def take(body: str | bytes, declaration: dict[str, Any] | None = None) -> Parsed:
    """Parse a table."""
    declared = declare(TableConfig(**declaration)) if declaration else DECLARED
    table = read_table(body.encode() if isinstance(body, str) else body, declared)
    assert table is not None
    return parse(table, Context())


def take_rows(body: str | bytes, declaration: dict[str, Any] | None = None) -> Checked:
    """Parse a table and judge its rows."""
    return judge(take(body, declaration), "arxiv-optional")


def test_every_row_is_a_paper_with_the_dirt_of_a_spreadsheet() -> None:
    parsed = take(CSV)
    first, second = judge(parsed, "arxiv-optional").accepted
    assert (first["source_id"], first["source_version"]) == ("arxiv:2309.17401", 2)
    assert first["abstract"] == 'We count, over "two" lines.'
    assert first["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert first["categories"] == ["cs.LG", "cs.LO"]
    assert (first["published_date"], first["votes"]) == (date(2023, 9, 29), 1440)
    assert (second["source_id"], second["votes"]) == ("arxiv:hep-th/9901001", 12)
    assert (second["abstract"], second["authors"], second["published_date"]) == (None, None, None)
    assert parsed.feed_date == date(2023, 10, 2)
    assert dict(parsed.unknown_fields) == {"Note": 1}
    assert parsed.vanished_fields == []


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_delimiters_and_encodings_of_other_programs_change_nothing(
    delimiter: str, encoding: str
) -> None:
    text = "Paper title,arXiv,Upvotes\nSmäll Things,2309.17401,7\n".replace(",", delimiter)
    (entry,) = take_rows(text.encode(encoding)).accepted
    assert (entry["title"], entry["source_id"], entry["votes"]) == (
        "Smäll Things",
        "arxiv:2309.17401",
        7,
    )


def test_rows_that_do_not_fit_the_header_are_rejected_with_their_text() -> None:
    body = "Paper title,arXiv\nOne,2309.17401\nTwo,2309.17402,more\nThree\n\nFour,2309.17404\n"
    judged = take_rows(body)
    assert judged.column("title") == ["One", "Four"]
    assert [(r["rule"], r["reason"], r["payload"]) for r in judged.rejected] == [
        ("shape", "the row has 3 cells, the header 2", '"Two,2309.17402,more"'),
        ("shape", "the row has 1 cells, the header 2", '"Three"'),
    ]


def test_an_open_quote_costs_the_rows_that_it_swallows_and_no_more() -> None:
    rows = "".join(f"Paper {n},2309.{n:05}\n" for n in range(1, 20_001))
    judged = take_rows(f'Paper title,arXiv\n"Open,2309.17401\n{rows}')
    assert judged.reasons() == [("entry", "shape")]
    assert len(judged.accepted) > 10_000


def test_ids_that_were_numbers_are_rejected_and_links_elsewhere_are_issues() -> None:
    rows = [
        {"Paper title": "A number", "arXiv": 2503.0213},
        {"Paper title": "A number once", "arXiv": "2503.0213"},
        {"Paper title": "Elsewhere", "arXiv": "https://openreview.net/forum?id=x"},
        {"Paper title": "A DOI", "arXiv": "10.1145/3292500.3330701"},
        {"Paper title": "Nothing", "arXiv": "N/A"},
        {"Paper title": "Two", "arXiv": "2309.17401", "Link": "https://arxiv.org/abs/2309.17402"},
    ]
    judged = take_rows(json.dumps(rows))
    assert judged.column("title") == ["Elsewhere", "A DOI", "Nothing"]
    assert [issue["rule"] for issue in judged.issues] == ["not_arxiv"]
    assert judged.column("source_id") == [None, "doi:10.1145/3292500.3330701", None]
    assert judged.reasons() == [
        ("source_id", "type"),
        ("source_id", "id_scheme"),
        ("source_id", "ambiguous"),
    ]


def test_numbers_and_dates_that_are_none_are_issues() -> None:
    body = "Paper title,arXiv,Upvotes,Submitted\nOne,2309.17401,many,some day\n"
    judged = take_rows(body)
    assert [(judged.column("votes"), judged.column("published_date"))] == [([None], [None])]
    assert {(issue["field"], issue["rule"]) for issue in judged.issues} == {
        ("votes", "type"),
        ("published_date", "not_a_date"),
    }


def test_dates_and_names_are_read_as_declared() -> None:
    declaration = {"columns": COLUMNS, "date_format": "%d/%m/%Y", "separator": "/"}
    body = (
        "Paper title,arXiv,Authors,Submitted,Listed on\n"
        'One,2309.17401,"Lovelace, Ada/Turing, Alan",03/04/2023,05/04/2023\n'
    )
    parsed = take(body, declaration)
    (entry,) = judge(parsed).accepted
    assert entry["published_date"] == date(2023, 4, 3)
    assert entry["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert parsed.feed_date == date(2023, 4, 5)


def test_rows_of_several_days_state_no_date() -> None:
    body = "Paper title,arXiv,Listed on\nOne,2309.17401,2023-10-02\nTwo,2309.17402,2023-10-03\n"
    assert take(body).feed_date is None


def test_the_time_of_the_look_may_stand_in_the_rows() -> None:
    declaration = {"columns": {"title": "t", "captured_at": "seen"}}
    parsed = take('{"t": "One", "seen": "2023-10-02T09:00:00+02:00"}', declaration)
    assert parsed.captured_at == datetime.fromisoformat("2023-10-02T07:00:00")


ROW = {"paper": {"id": "2309.17401", "names": [{"name": "Ada Lovelace"}]}, "t": "One", "n": 7.0}
NESTED = {
    "columns": {"source_id": "paper.id", "title": "t", "authors": "paper.names", "votes": "n"}
}


@pytest.mark.parametrize(
    ("document", "rows"),
    [
        ([ROW], None),
        ({"papers": [ROW], "count": 1}, None),
        ({"deep": {"down": [ROW]}}, "deep.down"),
        (ROW, None),
    ],
)
def test_json_rows_are_found_or_declared_and_columns_may_lie_deeper(
    document: Any, rows: str | None
) -> None:
    (entry,) = take_rows(json.dumps(document), {**NESTED, "rows": rows}).accepted
    assert (entry["source_id"], entry["authors"], entry["votes"]) == (
        "arxiv:2309.17401",
        ["Ada Lovelace"],
        7,
    )


def test_json_lines_keep_their_broken_lines() -> None:
    judged = take_rows(f'{json.dumps(ROW)}\n{{"t": \n\n7\n'.encode(), NESTED)
    assert (judged.column("title"), judged.reasons()) == (
        ["One"],
        [("entry", "shape"), ("entry", "shape")],
    )


def test_parquet_is_read_with_its_types() -> None:
    body = parquet(
        {
            "Paper title": ["One", "Two"],
            "arXiv": pa.array(["2309.17401", None]).dictionary_encode(),
            "Authors": [["Ada Lovelace"], None],
            "Submitted": [datetime.fromisoformat("2023-09-29T10:00:00"), None],
            "Upvotes": [7, 8],
            "Picture": [b"\xff", None],
        }
    )
    first, second = take_rows(body).accepted
    assert (first["source_id"], first["authors"], first["votes"]) == (
        "arxiv:2309.17401",
        ["Ada Lovelace"],
        7,
    )
    assert first["published_date"] == date(2023, 9, 29)
    assert (second["source_id"], second["published_date"]) == (None, None)


def test_a_time_in_a_zone_that_there_is_none_of_costs_that_value_alone() -> None:
    moments = pa.array([1_700_000_000_000_000], pa.timestamp("us", "Mars/Olympus"))
    body = parquet({"Paper title": ["One"], "arXiv": ["2309.17401"], "Submitted": moments})
    (row,) = take_rows(body).accepted
    assert (row["source_id"], row["published_date"]) == ("arxiv:2309.17401", None)


LONG_TEXT = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000, pa.int32()), ["x" * 1_000_000])
NO_TEXT = pa.nulls(5_000_000, pa.string())


@pytest.mark.parametrize(
    "columns",
    [
        {"Paper title": LONG_TEXT, "arXiv": [""] * 3_000},
        {"Paper title": NO_TEXT, "arXiv": NO_TEXT},
    ],
    ids=["long texts", "many rows"],
)
def test_a_small_file_that_stands_for_a_huge_table_is_refused(columns: dict[str, Any]) -> None:
    body = parquet(columns, compression="zstd")
    assert len(body) < 1_000_000
    with pytest.raises(ParquetError, match="table of"):
        read_table(body, DECLARED)


@pytest.mark.parametrize("cut", [8, 100, -1])
def test_a_damaged_parquet_file_is_refused(cut: int) -> None:
    with pytest.raises(ParquetError, match="not Parquet"):
        read_table(parquet({"Paper title": ["One"], "arXiv": ["2309.17401"]})[:cut], DECLARED)


@pytest.mark.parametrize(
    "body",
    [
        b"name,size\nx,1\n",
        b"Paper title,size\nx,1\n",
        b'[{"Paper title": "no id column"}]',
        b"{",
        b"\xff\x00",
        b"",
        parquet({"name": ["x"]}),
    ],
)
def test_other_tables_are_not_taken_for_this_one(body: bytes) -> None:
    assert read_table(body, DECLARED) is None


@pytest.mark.parametrize(
    ("declaration", "error"),
    [
        ({"columns": {"title": "t", "stars_count": "s"}}, "no field 'stars_count'; there are"),
        ({"columns": {"source_id": "i"}}, "columns say nothing of 'title'"),
        ({"columns": {}}, "columns say nothing of 'title'"),
    ],
)
def test_a_declaration_that_cannot_be_used_says_why(
    declaration: dict[str, Any], error: str
) -> None:
    with pytest.raises(TableError, match=error):
        declare(TableConfig(**declaration))


@FEWER
@given(
    st.lists(st.tuples(st.integers(90, 600), st.integers(0, 40), st.text(max_size=20)), max_size=5)
)
def test_a_damaged_csv_loses_nothing(cuts: list[tuple[int, int, str]]) -> None:
    table = read_table(damaged(CSV, cuts).encode("utf-8", "replace"), DECLARED)
    if table:
        assert_nothing_is_lost(parse(table, Context()), "arxiv-optional")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=12),
    lambda values: (
        st.lists(values, max_size=2) | st.dictionaries(st.text(max_size=4), values, max_size=2)
    ),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.sampled_from(HEADER.split(",")), VALUES) | VALUES, max_size=4))
def test_rows_of_any_types_are_read(rows: list[Any]) -> None:
    table = read_table(json.dumps(rows).encode(), DECLARED)
    if table:
        assert_is_sound(parse(table, Context()))


@given(st.binary(max_size=300), st.sampled_from([b"", b"PAR1", b"[", b"Paper title,arXiv\n"]))
def test_any_bytes_have_an_answer(body: bytes, head: bytes) -> None:
    try:
        table = read_table(head + body, DECLARED)
    except ParquetError:
        return
    if table:
        assert_is_sound(parse(table, Context()))


GOOD_PARQUET = parquet(
    {"Paper title": ["One", "Two"], "arXiv": ["2309.17401", None], "Authors": [["A"], []]}
)


@given(st.lists(st.tuples(st.integers(0, len(GOOD_PARQUET) - 1), st.integers(0, 255)), max_size=8))
def test_parquet_with_changed_bytes_has_an_answer(changes: list[tuple[int, int]]) -> None:
    body = bytearray(GOOD_PARQUET)
    for at, value in changes:
        body[at] = value
    try:
        table = read_table(bytes(body), DECLARED)
    except ParquetError:
        return
    if table:
        assert_is_sound(parse(table, Context()))


def test_a_table_of_western_windows_and_one_with_nan_are_read() -> None:
    row = "M\u00fcller\u2019s Things,arXiv:2309.17401,,,,,,nan,,"
    text = f"{HEADER}\r\n{row}\r\n" + "Plain Things,arXiv:2309.17402,,,,,,12,,\r\n" * 9
    accepted = take_rows(text.encode("cp1252")).accepted
    assert accepted[0]["title"] == "M\u00fcller's Things".replace("'", "\u2019")
    rows = b'[{"Paper title": "One \\ud83d Thing", "arXiv": "2309.17401", "Upvotes": NaN}]'
    (entry,) = take_rows(rows).accepted
    assert (entry["title"], entry["votes"]) == ("One \ufffd Thing", None)


def test_rows_of_several_days_have_each_its_own() -> None:
    days = ("10/03/2025", "", "9/3/2025", "soon", "09/03/2025")
    rows = [f"Work {n},2503.0000{n},{day}" for n, day in enumerate(days)]
    columns = {"title": "Paper", "source_id": "Id", "feed_date": "Day"}
    declared = {"columns": columns, "date_format": "%d/%m/%Y"}
    parsed = take("\n".join(["Paper,Id,Day", *rows]), declared)
    assert parsed.feed_date is None
    assert parsed.stated_days == (date(2025, 3, 9), date(2025, 3, 10))
    shown = [entry.stated_date for entry in parsed.entries]
    assert shown == ["2025-03-10", None, "2025-03-09", "soon", "2025-03-09"]
    # the same day spelt in two ways is one day
    parsed = take("\n".join(["Paper,Id,Day", rows[2], rows[4]]), declared)
    assert (parsed.feed_date, parsed.stated_days) == (date(2025, 3, 9), ())
    assert {entry.stated_date for entry in parsed.entries} == {None}
