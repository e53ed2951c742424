"""Values are read by one rule in every format: counts, missing values, dates that disagree."""

import csv
import html
import io
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.flows.captures import api_body, api_entry
from transforms.conform import conform
from transforms.errors import EncodingError
from transforms.parse.entry import Context, Parsed
from transforms.parse.readers.encoding import as_utf8, decode
from transforms.parse.readers.names import split_names
from transforms.parse.readers.tables import Declared
from transforms.parse.recognise import recognise
from transforms.quarantine import Candidate, quarantine
from transforms.validate import ParsedCapture, Validated, validate

COLUMNS = {"title": ("Title",), "source_id": ("Id",), "votes": ("Votes",), "authors": ("By",)}
DECLARED = Declared({**COLUMNS, "feed_date": ("Day",), "published_at": ("At",)})
ID = "2506.01234"


def parse(body: bytes, declared: Declared = DECLARED, context: Context | None = None) -> Parsed:
    known = recognise(body, {"picks": declared})
    return known.format.parse(known.document, context or Context())


Maker = Callable[[str, Any], bytes]


def judge(makers: Iterable[Maker], field: str, value: Any) -> Validated:
    """Return what a value is in each of some formats; its capture has the name of the maker."""
    bodies = {make.__name__: parse(make(field, value)) for make in makers}
    return validate([ParsedCapture(n, "arxiv-optional", None, p) for n, p in bodies.items()])


def of_api(field: str, value: Any) -> bytes:
    name = {"votes": "upvotes", "published_at": "publishedAt", "authors": "authors"}[field]
    return api_body([api_entry(0, paper={name: value})])


def of_json_table(field: str, value: Any) -> bytes:
    row = {"Title": "A Study", "Id": ID, DECLARED.columns[field][0]: value}
    return json.dumps([row], default=str).encode()


def of_csv(field: str, value: str) -> bytes:
    rows = [["Title", "Id", DECLARED.columns[field][0]], ["A Study", ID, value]]
    sink = io.StringIO()
    csv.writer(sink).writerows(rows)
    return sink.getvalue().encode()


def of_parquet(field: str, value: Any) -> bytes:
    table = pa.table({"Title": ["A Study"], "Id": [ID], DECLARED.columns[field][0]: [value]})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue())


def of_lines(field: str, value: Any) -> bytes:
    name = {"published_at": "published", "authors": "authors"}[field]
    return json.dumps({"id": ID, "title": "A Study", "abstract": "We.", name: value}).encode()


def of_rss(field: str, value: str) -> bytes:
    name = {"votes": "Upvotes", "authors": "Authors"}[field]
    body = html.escape(f"<p>{name}: {html.escape(value)}</p><p>Abstract: We study.</p>")
    link = f"<link>https://arxiv.org/abs/{ID}</link>"
    item = f"<item><title>A Study</title>{link}<description>{body}</description></item>"
    return f"<rss><channel><title>Papers</title>{item}</channel></rss>".encode()


def of_json_feed(field: str, value: Any) -> bytes:
    name = {"votes": "upvotes", "authors": "authors"}[field]
    item = {"id": "1", "url": f"https://arxiv.org/abs/{ID}", "title": "A Study", name: value}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Papers", "items": [item]}
    return json.dumps(feed).encode()


def of_atom(field: str, value: str) -> bytes:
    name = {"published_at": "published", "authors": "author"}[field]
    text = html.escape(value)
    said = f"<{name}>{f'<name>{text}</name>' if name == 'author' else text}</{name}>"
    entry = f"<entry><id>http://arxiv.org/abs/{ID}</id><title>A Study</title>{said}</entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()


def of_oai(field: str, value: str) -> bytes:
    text = html.escape(value)
    said = {
        "published_at": f'<version version="v1"><date>{text}</date></version>',
        "authors": f"<authors>{text}</authors>",
    }[field]
    paper = f"<id>{ID}</id><title>A Study</title>{said}"
    return f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">{paper}</arXivRaw>'.encode()


def of_arxiv_rss(field: str, value: str) -> bytes:
    assert field == "authors"
    said = f"<dc:creator>{html.escape(value)}</dc:creator>"
    link = f"<link>https://arxiv.org/abs/{ID}</link>"
    space = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    head = "<title>cs.LG updates on arXiv.org</title>"
    item = f"<item><title>A Study</title>{link}{said}</item>"
    return f"<rss {space}><channel>{head}{item}</channel></rss>".encode()


def of_dump(field: str, value: str) -> bytes:
    name = {"votes": "Votes", "authors": "Authors"}[field]
    link = f"PDF: https://arxiv.org/pdf/{ID}"
    return f"Title: A Study\n{name}: {value}\n{link}\nSummary: We.\n".encode()


OF_JSON = {
    "votes": (of_api, of_json_table, of_json_feed),
    "published_at": (of_api, of_json_table, of_lines),
    "authors": (of_api, of_json_table, of_lines),
}
OF_TEXT = {
    "votes": (*OF_JSON["votes"], of_csv, of_parquet, of_rss, of_dump),
    "published_at": (*OF_JSON["published_at"], of_csv, of_parquet, of_atom, of_oai),
    "authors": (
        *(*OF_JSON["authors"], of_csv, of_parquet, of_rss, of_atom, of_oai),
        *(of_arxiv_rss, of_dump),
    ),
}
ADA, BEN = "Ada Example", "Ben Sample"
LATE = datetime.fromisoformat("2025-03-04T09:30:00")
MIDNIGHT = datetime.fromisoformat("2025-03-04T00:00:00")
VALUES: list[tuple[str, Any, Any, str | None]] = [
    ("votes", 12, 12, None),
    ("votes", 12.0, 12, None),
    ("votes", "17", 17, None),
    ("votes", "12.0", 12, None),
    ("votes", "1,204", 1204, None),
    ("votes", "1 204", 1204, None),
    ("votes", "1.2k", 1200, None),
    ("votes", None, None, None),
    ("votes", float("nan"), None, None),
    ("votes", "NaN", None, None),
    ("votes", "-", None, None),
    ("votes", "N/A", None, None),
    ("votes", "1.000", None, "type"),
    ("votes", "1.204", None, "type"),
    ("votes", "12,0", None, "type"),
    ("votes", "many", None, "type"),
    ("votes", 7.5, None, "type"),
    ("votes", True, None, "type"),
    ("published_at", "2025-03-04T09:30:00Z", LATE, None),
    ("published_at", "Tue, 04 Mar 2025 10:30:00 +0100", LATE, None),
    ("published_at", "2025-03-04 09:30:00", LATE, None),
    ("published_at", "2025/03/04 09:30:00", LATE, None),
    ("published_at", "2025/3/4T09:30:00Z", LATE, None),
    ("published_at", "4 March 2025", MIDNIGHT, None),
    ("published_at", "Tuesday, March 4th, 2025", MIDNIGHT, None),
    ("published_at", "4 Fooril 2025", None, "not_a_date"),
    ("published_at", "2025-03-04 09:30", LATE, None),
    ("published_at", "2025-03-04 09:30:00 UTC", LATE, None),
    ("published_at", "Mar 4, 2025, 9:30 AM", LATE, None),
    ("published_at", None, None, None),
    ("published_at", float("nan"), None, None),
    ("published_at", "NaT", None, None),
    ("published_at", "12025-03-04T09:30:00Z", None, "not_a_date"),
    ("published_at", "9999-12-31T23:59:59-05:00", None, "not_a_date"),
    ("published_at", "2125-03-04T09:30:00Z", None, "implausible_date"),
    ("published_at", "0001-01-01T00:00:00Z", None, "implausible_date"),
    ("published_at", "03/04/2025 09:30", None, "not_a_date"),
    ("published_at", "04.03.2025 09:30", None, "not_a_date"),
    ("published_at", "1841080600000", None, "not_a_date"),
    ("published_at", "2025-02-30T09:30:00", None, "not_a_date"),
    ("published_at", "yesterday evening", None, "not_a_date"),
    ("published_at", 1741080600, None, "type"),
    ("authors", "Ada Example, Ben Sample", [ADA, BEN], None),
    ("authors", "Ada Example and Ben Sample", [ADA, BEN], None),
    ("authors", '["Ada Example", "Ben Sample"]', [ADA, BEN], None),
    ("authors", '[{"name": "Ada Example"}, {"name": "Ben Sample"}]', [ADA, BEN], None),
    ("authors", "['Ada Example', 'Ben Sample']", [ADA, BEN], None),
    ("authors", "Ada Example, Ph.D., Ben Sample, MD", [ADA, BEN], None),
    ("authors", '{\\"O}zg\\"ur Example', ['{\\"O}zg\\"ur Example'], None),
    ("authors", "Ada Example <ada@here.example>, Ben Sample <ben@here.example>", [ADA, BEN], None),
    ("authors", "Ad&eacute; Example; Ben&nbsp;Sample", ["Adé Example", BEN], None),
    ("authors", "Ada Example\uff0cBen Sample", [ADA, BEN], None),
    ("authors", "('Ada Example', 'Ben Sample')", [ADA, BEN], None),
    ("authors", '{"Ada Example","Ben Sample"}', [ADA, BEN], None),
    ("authors", "array(['Ada Example', 'Ben Sample'], dtype=object)", [ADA, BEN], None),
    ("authors", "Ada Example et al.", None, "incomplete"),
    ("authors", "Ada Example et 12 autres", None, "incomplete"),
    ("authors", "Ada Example, Ben Sample, et al", None, "incomplete"),
    ("authors", "Ada Example, +12 more", None, "incomplete"),
    ("authors", "Ada Example, Ben Sample and 12 others", None, "incomplete"),
    ("authors", "Ada Example, ..., Ben Sample", None, "incomplete"),
    ("authors", "Ada Example, Ben Sample (12 authors)", None, "incomplete"),
    ("authors", "Ada Example, Ben Sample + 3 authors", None, "incomplete"),
    ("authors", "Ada Example and colleagues", None, "incomplete"),
    ("authors", "Example, Ada; Sample, Ben", [ADA, BEN], None),
    ("authors", "Prof Ada Example, Dr Ben Sample", [ADA, BEN], None),
    ("authors", ["Example, Ada", "Sample, Ben"], [ADA, BEN], None),
    ("authors", None, None, None),
    ("authors", ["Ada Example", "Ben Sample"], [ADA, BEN], None),
    ("authors", [{"name": "Ada Example"}, {"name": "Ben Sample"}], [ADA, BEN], None),
    ("authors", ["Ada Example", "PhD", "Ben Sample"], [ADA, BEN], None),
    ("authors", ["Ada Example*", "Ben Sample, MD"], [ADA, BEN], None),
    ("authors", ["Ada Example, Ben Sample"], [ADA, BEN], None),
    ("authors", ["Ada Example\nBen Sample"], [ADA, BEN], None),
    ("authors", ["Dr. Ada Example (Here)", "<i>Ben Sample</i>"], [ADA, BEN], None),
    ("authors", ["Ada Example1", "Ben Sample2"], [ADA, BEN], None),
    ("authors", ["Ada Example | Ben Sample"], [ADA, BEN], None),
    ("authors", ["Ad&eacute; Example"], ["Adé Example"], None),
    ("authors", ["Ada Example²,³", "B³n Sample"], [ADA, "B³n Sample"], None),
    ("authors", ["王小明、李雷"], ["王小明", "李雷"], None),
    ("authors", ["Ada Example", "et al."], None, "incomplete"),
    ("authors", [{"name": None}, {"name": "Ben Sample"}], [BEN], "type"),
    ("authors", 5, None, "type"),
]
"""Field, value, meaning, and the rule of the issue."""


@pytest.mark.parametrize("field, value, meaning, rule", VALUES)
def test_a_value_means_the_same_in_every_format_that_can_hold_it(
    field: str, value: Any, meaning: Any, rule: str | None
) -> None:
    makers = (OF_TEXT if isinstance(value, str) else OF_JSON)[field]
    judged = judge(makers, field, value)
    found = {n: [one, []] for n, one in judged.accepted.select("capture_id", field).iter_rows()}
    for issue in judged.issues.to_dicts():
        found[issue["capture_id"]][1].append((issue["field"], issue["rule"]))
    expected = [meaning, [(field, rule)] if rule else []]
    assert found == {make.__name__: expected for make in makers}


GERMAN = {"thousands": ".", "decimal": ","}


@pytest.mark.parametrize(
    "signs, text, count",
    [
        ({"thousands": "."}, "1.204", 1204),
        ({"decimal": ","}, "12,0", 12),
        ({"decimal": "."}, "1.000", 1),
        ({"decimal": "."}, "1.204", None),
        (GERMAN, "1.204.000", 1_204_000),
        (GERMAN, "1.204,0", 1204),
        (GERMAN, "1,4k", 1400),
        (GERMAN, "1,204", None),
        (GERMAN, "1.20", None),
        (GERMAN, "12.04.2025", None),
    ],
)
def test_a_feed_declares_the_signs_of_its_numbers(
    signs: dict[str, str], text: str, count: int | None
) -> None:
    parsed = parse(of_json_table("votes", text), Declared(COLUMNS, **signs))
    assert parsed.entries[0].votes == count
    assert [found.field for found in parsed.misfits] == ["votes"] * (count is None)


def test_two_columns_of_one_name_hold_a_table() -> None:
    assert parse(f"Title,Id,Votes,Votes\nA,{ID},1,2\n".encode()).envelope_error == (
        "2 columns are called 'Votes'"
    )
    assert parse(f"Title,Id,Votes,Note,Note\nA,{ID},1,2,3\n".encode()).envelope_error is None


@pytest.mark.parametrize(
    "cell",
    [f'="{ID}"', f"arXiv:{ID}&nbsp;", f"https://arxiv.org/abs/{ID}?a=1&amp;b=2", f"{ID}\ufeff"],
)
def test_what_programs_put_around_an_id_is_no_part_of_it(cell: str) -> None:
    assert parse(f"Title\tId\nA\t{cell}\n".encode()).entries[0].source_id == ID


def test_the_first_line_of_excel_says_what_parts_the_cells() -> None:
    for sign in ";\t|":
        row = sign.join(["A, B", ID, "3"])
        parsed = parse(f"sep={sign}\r\nTitle{sign}Id{sign}Votes\r\n{row}\r\n".encode())
        assert [(entry.title, entry.votes) for entry in parsed.entries] == [("A, B", 3)]


def test_blank_rows_are_none_and_a_header_in_the_middle_is_no_paper() -> None:
    rows = f"Title,Id,Votes\nA,{ID},1\n,,\n Title,Id,Votes\nB,2506.00002,2\n , ,\n,,\n"
    parsed = parse(rows.encode())
    assert [(entry.title, entry.votes) for entry in parsed.entries] == [
        ("A", 1),
        (None, None),
        ("B", 2),
    ]
    assert [(found.position, found.reason) for found in parsed.misfits] == [
        (1, "the row is the header again")
    ]


MARKS: list[tuple[Any, bool, str | None]] = [
    (None, False, None),
    (False, False, None),
    ("", False, None),
    ("False", False, None),
    ("0", False, None),
    (0.0, False, None),
    (True, True, None),
    ("yes", True, None),
    (1, True, None),
    ("2025-03-04T09:30:00Z", True, None),
    ("2025/03/04", True, None),
    ("in spring", True, "not_a_date"),
    (1741080600, True, "type"),
]
"""What stands where a withdrawal should be, whether it means one, and the rule of the issue."""


@pytest.mark.parametrize("value, is_withdrawn, rule", MARKS)
def test_a_withdrawal_may_be_a_time_or_a_mark_in_every_format(
    value: Any, is_withdrawn: bool, rule: str | None
) -> None:
    row = {"Title": "A Study", "Id": ID, "Gone": value}
    line = {"id": ID, "title": "A Study", "abstract": "We.", "withdrawn_at": value}
    declared = Declared({**COLUMNS, "withdrawn_at": ("Gone",)})
    read = {
        "api": parse(api_body([api_entry(0, paper={"withdrawnAt": value})])),
        "table": parse(json.dumps([row]).encode(), declared),
        "lines": parse(json.dumps(line).encode()),
    }
    judged = validate([ParsedCapture(n, "arxiv", None, p) for n, p in read.items()])
    assert judged.accepted["is_withdrawn"].fill_null(False).to_list() == [is_withdrawn] * 3
    assert judged.issues["rule"].to_list() == ([rule] * 3 if rule else [])


ANNOUNCED = {
    "New": "new",
    "New submissions": "new",
    " replace-cross ": "replace-cross",
    "replacement cross-list": "replace-cross",
    "replace_cross": "replace-cross",
    "Cross-lists": "cross",
    "Cross submissions": "cross",
    "crosslist": "cross",
    "replacement": "replace",
    "Replacement submissions": "replace",
    "withdrawn": "replace",
    "revisited": None,
}


def test_an_announcement_is_read_in_the_words_of_feeds_and_mirrors() -> None:
    lines = [
        {"id": ID, "title": "A", "abstract": "We.", "announce_type": word} for word in ANNOUNCED
    ]
    body = "\n".join(map(json.dumps, lines)).encode()
    judged = validate([ParsedCapture("a" * 64, "arxiv", None, parse(body))])
    assert judged.issues.select("position", "field", "rule").rows() == [
        (11, "announce_type", "announce_type")
    ]
    entries = conform(judged.accepted).entries
    assert entries["announce_type"].to_list() == list(ANNOUNCED.values())
    assert entries.filter(pl.col("is_withdrawn"))["position"].to_list() == [10]


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


@pytest.mark.parametrize(
    "text, rule",
    [
        ("Example, Ada", "ambiguous"),
        ("Ada Example, Sample, B.", "ambiguous"),
        ('{"name": "Ada Example"}', "type"),
    ],
)
def test_a_text_that_may_be_read_in_two_ways_is_no_list_of_names(text: str, rule: str) -> None:
    makers = (of_api, of_json_table, of_csv, of_lines, of_rss, of_oai, of_arxiv_rss, of_dump)
    judged = judge(makers, "authors", text)
    assert judged.accepted["authors"].to_list() == [None] * len(makers)
    assert judged.issues["rule"].to_list() == [rule] * len(makers)


def test_an_element_of_a_list_with_a_comma_is_one_name() -> None:
    judged = judge((of_api, of_json_table, of_lines), "authors", ["Example, Ada"])
    assert judged.accepted["authors"].to_list() == [["Example, Ada"]] * 3
    assert judged.issues.is_empty()


def api_days(*days: str | None) -> bytes:
    times = [day and f"{day}T10:00:00.000Z" for day in days]
    return api_body(
        [api_entry(n, paper={"submittedOnDailyAt": time}) for n, time in enumerate(times)]
    )


def csv_days(*days: str | None) -> bytes:
    rows = [f"A,250{n}.0123{n},{day or ''}" for n, day in enumerate(days, 5)]
    return "\n".join(["Title,Id,Day", *rows]).encode()


def page_days(*days: str | None) -> bytes:
    props = {"dailyPapers": json.loads(api_days(*days)), "periodType": "day"}
    shown = html.escape(json.dumps(props))
    return f'<html><div data-target="DailyPapers" data-props="{shown}"></div></html>'.encode()


def arxiv_days(*days: str | None) -> bytes:
    items = "".join(
        f"<item><title>A</title><link>https://arxiv.org/abs/250{n}.0123{n}</link>"
        f"{f'<pubDate>{day}T00:00:00-05:00</pubDate>' if day else ''}</item>"
        for n, day in enumerate(days, 5)
    )
    head = "<title>cs.LG updates on arXiv.org</title>"
    return f"<rss><channel>{head}{items}</channel></rss>".encode()


FOURTH, FIFTH = "2025-03-04", "2025-03-05"
STATING = [api_days, csv_days, page_days, arxiv_days]


@pytest.mark.parametrize("make", STATING)
def test_entries_that_state_another_day_than_others_are_noted(make: Any) -> None:
    given = date.fromisoformat(FIFTH)
    parsed = parse(make(FIFTH, FOURTH, FIFTH, None), context=Context(given))
    assert parsed.stated_days == (date(2025, 3, 4), date(2025, 3, 5))
    assert [entry.stated_date for entry in parsed.entries] == [FIFTH, FOURTH, FIFTH, None]
    judged = validate([ParsedCapture("a", "arxiv", None, parsed, feed_date=given)])
    issues = judged.issues.filter(pl.col("field") == "stated_date")
    assert issues.select("position", "rule", "value").rows() == [(1, "other_day", FOURTH)]
    agreed = parse(make(FIFTH, FIFTH), context=Context(given))
    assert {entry.stated_date for entry in agreed.entries} == {None}


@pytest.mark.parametrize("make", STATING)
def test_a_list_whose_entries_agree_on_another_day_is_held_in_every_format(make: Any) -> None:
    given = date.fromisoformat(FIFTH)
    for days in ((FOURTH, FOURTH), (FOURTH, None)):
        taken = ParsedCapture("a", "arxiv", None, parse(make(*days), context=Context(given)))
        candidate = Candidate("a", "daily_list", given, None, 50, None, None, taken.parsed)
        (state,) = quarantine([candidate], validate([taken])).to_dicts()
        assert state["reason"].startswith("date_conflict: it is given as the list of 2025-03-05")
        assert "2025-03-04" in state["reason"]


def test_a_number_is_no_date_of_the_list_and_every_row_says_so() -> None:
    rows = [{"Title": "A", "Id": ID, "Day": 1741046400000}] * 2
    parsed = parse(json.dumps(rows).encode())
    assert [(m.position, m.field, m.value) for m in parsed.misfits] == [
        (0, "feed_date", "1741046400000"),
        (1, "feed_date", "1741046400000"),
    ]


AROUND: dict[str, Any] = {
    "papers of the API": {"papers": json.loads(api_body([api_entry(0)]))},
    "lines": {"papers": [{"id": ID, "title": "A Study", "abstract": "We."}]},
    "rows of a table": {"data": [{"Title": "A Study", "Id": ID}]},
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND.keys())
def test_an_object_around_a_list_may_say_that_there_is_more_of_it(around: dict[str, Any]) -> None:
    for said in ({"total": 2}, {"numTotalItems": 60}, {"has_more": True}, {"next": "/?p=1"}):
        assert parse(json.dumps({**around, **said}).encode()).is_cut
    for said in ({}, {"total": 1}, {"has_more": False}, {"next": None}):
        assert not parse(json.dumps({**around, **said}).encode()).is_cut


def test_a_date_of_the_list_that_is_none_is_noted() -> None:
    parsed = parse(csv_days(FOURTH, "soon"))
    assert (parsed.feed_date, parsed.stated_days) == (None, (date(2025, 3, 4),))
    assert [entry.stated_date for entry in parsed.entries] == [FOURTH, "soon"]
    unread = parse(csv_days("soon", None))
    assert [(m.position, m.field, m.rule) for m in unread.misfits] == [
        (0, "feed_date", "not_a_date")
    ]


LINK = f"https://mirror.example/abs/{ID}"
LINKED = {
    "rss": f"<rss><channel><item><title>A</title><link>{LINK}</link></item></channel></rss>",
    "table": f"Title,Id\nA,{LINK}",
    "dump": f"Title: A\nPDF: {LINK}\nSummary: We.\n",
}


@pytest.mark.parametrize("body", LINKED.values(), ids=LINKED.keys())
def test_an_id_is_taken_from_a_link_to_a_host_that_the_feed_declares_and_no_other(
    body: str,
) -> None:
    declared = Context(link_hosts=frozenset(["mirror.example"]))
    assert parse(body.encode(), context=declared).entries[0].source_id == ID
    assert parse(body.encode()).entries[0].source_id is None


LISTS = [
    *('[{"name": "Ada Example"}, {"name": "Ben Sample"}]', '["Ada Example", "Ben Sample"]'),
    *("['Ada Example', 'Ben Sample']", "Ada Example, Ben Sample"),
    "[{'name': 'Ada Example', 'user': nan}, {'name': \"Ben Sample\", 'hidden': False}]",
    *('"Ada Example","Ben Sample"', "Ada Example • Ben Sample", "Ada Example, PhD; Ben Sample"),
]


@pytest.mark.parametrize("text", LISTS)
def test_names_are_read_from_every_way_to_write_a_list(text: str) -> None:
    assert split_names(text) == ["Ada Example", "Ben Sample"]


@pytest.mark.parametrize("by", ["for", "on behalf of"])
def test_a_collaboration_that_authors_speak_for_is_an_author_of_its_own(by: str) -> None:
    names = split_names(f"Ada Example and Ben Sample {by} the LHCb Collaboration")
    assert names == ["Ada Example", "Ben Sample", "the LHCb Collaboration"]


def test_french_in_windows_1252_is_read_and_other_code_pages_are_not_guessed() -> None:
    title = "Été à l’école : réseaux où l’on généralise très légèrement"
    plain = "".join(f"A quiet study of lanterns in the fog;2506.1{n:04}\n" for n in range(5))
    body = f"Title;Id\n{title};{ID}\n{plain}"
    assert parse(body.encode("cp1252")).entries[0].title == title


@pytest.mark.parametrize(
    "title",
    [
        "Über die Größe von Modellen und süße Lampen an der Straße",
        "Detecção e classificação de emoções em canções",
        "La théorie créée par des idées agréées",
        "Syväoppiminen ääni- ja kielimallien päätöksissä",
        "¿Qué es el español? Una introducción a la 2ª edición",
    ],
)
def test_two_accents_side_by_side_are_windows_1252_too(title: str) -> None:
    body = f"Title;Id\n{title};{ID}\n"
    assert parse(body.encode("cp1252")).entries[0].title == title


@pytest.mark.parametrize("code_page", ["gbk", "big5"])
def test_single_signs_of_chinese_code_pages_are_not_taken_for_windows_1252(code_page: str) -> None:
    body = f"Title;Id\nThe sign 光 and the sign 人 of lanterns in the fog;{ID}\n".encode(code_page)
    with pytest.raises(EncodingError):
        decode(as_utf8(body))
