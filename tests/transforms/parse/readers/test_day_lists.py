"""Documents that hold the lists of several days, in every format that may stand in JSON."""

import json
from datetime import date
from typing import Any

import pytest

from config.feeds import TableConfig
from tests.flows.captures import api_entry
from tests.samples.arxiv_jsonl import PAPER
from transforms.parse.entry import Context, Parsed
from transforms.parse.readers.tables import declare
from transforms.parse.recognise import UnknownFormatError, recognise

FIRST, SECOND = date(2025, 6, 19), date(2025, 6, 20)
TABLE = declare(TableConfig(columns={"source_id": "arXiv", "title": "Paper"}))


def of_api(number: int, day: date | None = None) -> dict[str, Any]:
    stated = f"{day}T08:00:00.000Z" if day else None
    return api_entry(number, paper={"submittedOnDailyAt": stated})


def of_arxiv(number: int) -> dict[str, Any]:
    return {"id": f"2506.0000{number + 1}", "title": f"Paper {number}", "summary": "We."}


def of_table(number: int) -> dict[str, Any]:
    return {"arXiv": f"2506.0000{number + 1}", "Paper": f"Paper {number}"}


def read(document: Any) -> Parsed:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    known = recognise(body, {"t": TABLE})
    return known.format.parse(known.document, Context())


def days(parsed: Parsed) -> list[str | None]:
    return [entry.stated_date for entry in parsed.entries]


@pytest.mark.parametrize("make", [of_api, of_arxiv, of_table])
def test_each_entry_is_of_the_day_under_which_it_stands(make: Any) -> None:
    one, two, three = map(make, range(3))
    by_day = {str(FIRST): [one], str(SECOND): [two, three]}
    objects = [{"date": day, "papers": rows} for day, rows in by_day.items()]
    shapes = [
        by_day,
        {"20250619": [one], "20250620": [two, three]},
        {"updated": "2025-06-21", "data": by_day},
        objects,
        {"days": objects},
        b"\n".join(json.dumps(shown).encode() for shown in objects),
    ]
    for shape in shapes:
        parsed = read(shape)
        assert days(parsed) == [str(FIRST), str(SECOND), str(SECOND)]
        assert (parsed.days, parsed.envelope_error) == ((FIRST, SECOND), None)


@pytest.mark.parametrize("make", [of_api, of_arxiv, of_table])
def test_a_list_in_an_object_with_its_day_is_of_that_day(make: Any) -> None:
    for shape in ({"date": str(FIRST), "papers": [make(0)]}, {str(FIRST): [make(0)]}):
        parsed = read(shape)
        assert (parsed.feed_date, len(parsed.entries)) == (FIRST, 1)


def test_a_day_whose_list_is_empty_is_an_empty_list_of_that_day() -> None:
    day = str(FIRST)
    for shape in ({day: []}, [{"date": day, "papers": []}], {"date": day, "papers": []}):
        parsed = read(shape)
        assert (parsed.feed_date, parsed.entries, parsed.envelope_error) == (FIRST, [], None)


def test_a_day_without_a_list_holds_all_of_it() -> None:
    parsed = read({str(FIRST): [of_api(0)], str(SECOND): "HTTP 500"})
    assert parsed.envelope_error == "under 2025-06-20 stands no list"
    parsed = read({str(FIRST): [of_api(0)], str(SECOND): {"error": "HTTP 500", "papers": []}})
    assert parsed.envelope_error == "under 2025-06-20 stands no list: HTTP 500"
    assert read({"date": str(FIRST), "papers": [], "error": "slow down"}).envelope_error


def test_an_entry_that_states_another_day_than_that_of_its_list_is_noted() -> None:
    listed = [of_api(0, SECOND), of_api(1, FIRST)]
    parsed = read({str(FIRST): [of_api(2, FIRST)], str(SECOND): listed})
    assert parsed.envelope_error is None
    assert [(m.position, m.rule, m.value) for m in parsed.misfits] == [(2, "other_day", str(FIRST))]


def test_a_list_all_of_whose_entries_state_another_day_is_a_conflict() -> None:
    parsed = read({str(FIRST): [of_api(0, FIRST)], str(SECOND): [of_api(1, FIRST)]})
    assert parsed.envelope_error == (
        "date_conflict: all that stands under 2025-06-20 is of 2025-06-19 by itself"
    )


@pytest.mark.parametrize(
    "document",
    [{"2025-06": [PAPER]}, {"2025-13-01": [PAPER]}, {str(FIRST): 3}, {str(FIRST): "x", "rows": []}],
)
def test_what_names_no_day_or_has_no_list_is_no_such_document(document: Any) -> None:
    with pytest.raises(UnknownFormatError):
        read(document)
