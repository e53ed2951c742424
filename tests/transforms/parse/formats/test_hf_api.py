"""Bodies of the Hugging Face API, from sound to spoilt."""

import copy
import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.captures import (
    DAY,
    FEWER,
    TITLES,
    api_body,
    api_entry,
    api_page,
    search_text,
    take_apart,
    wrapped_body,
)
from transforms.parse.entry import Context
from transforms.parse.formats.hf_api import parse
from transforms.parse.recognise import UnknownFormatError, recognise

TODAY = date.fromisoformat(DAY)
SOUND = [api_entry(number) for number in range(1, 6)]


def test_an_entry_is_read_into_its_parts() -> None:
    parsed = parse([api_entry(4, paper={"githubStars": 7, "ai_keywords": ["rain"]})], Context())
    (entry,) = parsed.entries
    assert entry._asdict() == {
        "position": 0,
        "source_id": "2506.10004",
        "title": "Counting Rain on a Tin Roof",
        "abstract": "We look at case 4 with care,\nand find that small things add up.",
        "authors": ["Ada Example", "Ben Sample"],
        "published_at": "2025-06-18T05:51:36.000Z",
        "submitted_at": f"{DAY}T04:32:59.096Z",
        "listed_at": "2025-06-18T01:51:36.000Z",
        "published_date": None,
        "votes": 6,
        "comments": 1,
        "stars": 7,
        "organisation": None,
        "submitter": "cleo",
        "github_url": None,
        "project_url": None,
        "keywords": ["rain"],
        "categories": None,
        "discussion_id": "00000000000000000000000b",
        "announce_type": None,
        "author_comment": None,
        "journal_ref": None,
        "licence": None,
        "withdrawn_at": None,
        "is_withdrawn": None,
        "stated_date": None,
    }
    assert parsed.misfits == []
    assert not parsed.unknown_fields
    assert parsed.vanished_fields == []


def test_all_shapes_of_a_list_say_the_same() -> None:
    plain = parse(SOUND, Context()).entries
    assert parse([repr(source) for source in SOUND], Context()).entries == plain
    assert parse({"status": "success", "date": DAY, "data": SOUND}, Context()).entries == plain


@pytest.mark.parametrize("body", [1, [], {"status": "no_data", "date": DAY, "message": "none"}])
def test_an_empty_day_has_no_entries_and_no_fault(body: object) -> None:
    parsed = parse(body, Context())
    assert (parsed.entries, parsed.misfits, parsed.envelope_error) == ([], [], None)


def test_the_feed_date_is_the_day_on_which_all_papers_were_listed() -> None:
    assert parse(SOUND, Context()).feed_date == TODAY
    differing = [*SOUND, api_entry(6, paper={"submittedOnDailyAt": "2025-06-19T23:00:00.000Z"})]
    assert parse(differing, Context()).feed_date is None
    missing = [*SOUND, api_entry(6, paper={"submittedOnDailyAt": None})]
    assert parse(missing, Context()).feed_date is None


def test_the_outer_publication_date_is_never_the_feed_date() -> None:
    without = [api_entry(n, paper={"submittedOnDailyAt": None}) for n in range(3)]
    assert parse(without, Context()).feed_date is None


def test_an_envelope_that_counts_more_than_it_holds_is_cut() -> None:
    assert take_apart(wrapped_body(SOUND, count=9)).states["is_truncated"]
    assert not take_apart(wrapped_body(SOUND)).states["is_truncated"]


@pytest.mark.parametrize("count", [1, 0, -1, "9", None, 9.5, [], True])
def test_an_envelope_with_a_count_that_cannot_be_is_read_all_the_same(count: object) -> None:
    taken = take_apart(wrapped_body(SOUND, count=count))
    assert taken.states["state"] == "loaded"
    assert taken.states["entries_accepted"] == len(SOUND)
    assert not taken.states["is_truncated"]


@pytest.mark.parametrize("inner", [None, {}, "papers", 3], ids=str)
def test_an_envelope_without_a_list_is_held(inner: object) -> None:
    states = take_apart(wrapped_body([], data=inner)).states
    assert states["state"] == "held"
    assert states["reason"].startswith("unexpected_envelope: status 'success' with no list")


def test_an_envelope_that_reports_an_error_is_held() -> None:
    assert take_apart(wrapped_body(SOUND, status="error")).states["state"] == "held"


def test_a_new_field_of_an_envelope_is_told_as_drift() -> None:
    assert take_apart(wrapped_body(SOUND, cursor="abc")).parsed.unknown_fields


def test_new_fields_are_drift_and_no_error() -> None:
    source = api_entry(0, paper={"reviews": 3}, badge="gold")
    taken = take_apart(api_body([source, api_entry(1, badge="tin")]))
    assert dict(taken.parsed.unknown_fields) == {"badge": 2, "paper.reviews": 1}
    assert (taken.rejected, taken.issues) == ([], [])


def test_an_optional_field_that_vanished_from_a_whole_body_is_drift() -> None:
    sources = copy.deepcopy(SOUND)
    for source in sources:
        del source["paper"]["upvotes"]
    taken = take_apart(api_body(sources))
    assert taken.parsed.vanished_fields == ["paper.upvotes"]
    assert [entry["votes"] for entry in taken.accepted] == [None] * len(sources)
    del sources[0]["paper"]["summary"]
    assert take_apart(api_body(sources)).parsed.vanished_fields == ["paper.upvotes"]


def test_a_required_field_that_vanished_rejects_its_entry() -> None:
    sources = copy.deepcopy(SOUND)
    del sources[0]["paper"]["id"], sources[1]["paper"]["title"], sources[1]["title"]
    taken = take_apart(api_body(sources))
    assert taken.rejected == [(0, "source_id", "required"), (1, "title", "required")]


REJECTING = {
    "an id as a number": ({"id": 2506.12345}, "source_id", "type"),
    "an id as true": ({"id": True}, "source_id", "type"),
    "an id as a list": ({"id": ["2506.12345"]}, "source_id", "type"),
    "no id": ({"id": None}, "source_id", "required"),
    "an empty id": ({"id": ""}, "source_id", "id_scheme"),
    "an id of month 13": ({"id": "2513.01939"}, "source_id", "id_scheme"),
    "an id of month 0": ({"id": "2500.01939"}, "source_id", "id_scheme"),
    "an old id of month 13": ({"id": "hep-th/9913001"}, "source_id", "id_scheme"),
    "an id with six digits": ({"id": "2506.123456"}, "source_id", "id_scheme"),
    "an id in other digits": ({"id": "٢٥٠٦.01939"}, "source_id", "id_scheme"),
    "an address for an id": ({"id": "https://arxiv.org/abs/2506.1"}, "source_id", "id_scheme"),
    "an id with a NUL": ({"id": "2506.01939\0"}, "source_id", "id_scheme"),
    "a version without number": ({"id": "2506.01939v"}, "source_id", "id_scheme"),
    "a title of 100,000 characters": ({"title": "x" * 100_000}, "title", "too_long"),
    "a title as a number": ({"title": 5}, "title", "type"),
    "a title as a list": ({"title": []}, "title", "type"),
    "a title of null": ({"title": None}, "title", "required"),
    "an empty title": ({"title": ""}, "title", "required"),
    "a title of white space": ({"title": " \n\t"}, "title", "required"),
    "a title of zero width": ({"title": "\u200b\u2060\ufeff"}, "title", "required"),
    "a title of a bare command": ({"title": r"\emph{}"}, "title", "required"),
    "a title of punctuation": ({"title": "?! ..."}, "title", "no_words"),
    "a title of an emoji": ({"title": "\U0001f600"}, "title", "no_words"),
    "a title of an empty formula": ({"title": "$$"}, "title", "no_words"),
}


@pytest.mark.parametrize("paper, field, rule", REJECTING.values(), ids=REJECTING.keys())
def test_a_bad_identity_or_title_rejects_its_entry_and_no_other(
    paper: dict[str, Any], field: str, rule: str
) -> None:
    taken = take_apart(api_body([*SOUND, api_entry(0, paper=paper)]))
    assert taken.rejected == [(len(SOUND), field, rule)]
    assert taken.issues == []
    assert len(taken.accepted) == len(SOUND)
    (payload,) = taken.judged.rejects["payload"]
    assert payload.startswith('{"paper":{')


@pytest.mark.parametrize("source", [None, 1, "x", [], {}, True, {"paper": None}, {"paper": []}])
def test_what_is_no_entry_at_all_is_rejected_among_good_ones(source: object) -> None:
    taken = take_apart(api_body([SOUND[0], source, *SOUND[1:]]))
    assert taken.rejected == [(1, "entry", "shape")]
    assert len(taken.accepted) == len(SOUND)


NULLING = {
    "votes of -3": ({"upvotes": -3}, "votes", "out_of_range"),
    "votes as true": ({"upvotes": True}, "votes", "type"),
    "votes as a word": ({"upvotes": "seven"}, "votes", "type"),
    "votes of a doubtful text": ({"upvotes": "1.204"}, "votes", "type"),
    "votes with a fraction": ({"upvotes": 7.5}, "votes", "type"),
    "votes of ten thousand million": ({"upvotes": 10**10}, "votes", "out_of_range"),
    "votes of 63 bits": ({"upvotes": 2**63 - 1}, "votes", "out_of_range"),
    "votes of 64 bits": ({"upvotes": 2**63}, "votes", "type"),
    "votes of 31 digits": ({"upvotes": 10**30}, "votes", "type"),
    "stars of -1": ({"githubStars": -1}, "stars", "out_of_range"),
    "a publication in 2199": (
        {"publishedAt": "2199-01-01T00:00:00.000Z"},
        "published_at",
        "implausible_date",
    ),
    "a publication in the year 1": (
        {"publishedAt": "0001-01-01T00:00:00.000Z"},
        "published_at",
        "implausible_date",
    ),
    "a 13th month": ({"publishedAt": "2025-13-01T00:00:00.000Z"}, "published_at", "not_a_date"),
    "a 30th of February": ({"publishedAt": "2025-02-30T00:00:00Z"}, "published_at", "not_a_date"),
    "a time as a number": ({"publishedAt": 1750226000}, "published_at", "type"),
    "a time as a word": ({"publishedAt": "yesterday"}, "published_at", "not_a_date"),
    "authors as a number": ({"authors": 5}, "authors", "type"),
    "authors that are not all": ({"authors": "Ada Example et al."}, "authors", "incomplete"),
    "authors as an object": ({"authors": {"name": "Ada"}}, "authors", "type"),
    "an abstract as a number": ({"summary": 5}, "abstract", "type"),
    "an abstract of 60,000 characters": ({"summary": "x" * 60_000}, "abstract", "too_long"),
    "an author of 3,000 characters": ({"authors": [{"name": "x" * 3_000}]}, "authors", "too_long"),
    "a script for a link": ({"projectPage": "javascript:alert(1)"}, "project_url", "not_a_link"),
    "a link with a space": ({"githubRepo": "https://a b"}, "github_url", "not_a_link"),
    "keywords as a number": ({"ai_keywords": 5}, "keywords", "type"),
    "keywords with null": ({"ai_keywords": [None, "rain"]}, "keywords", "type"),
    "an organisation as a text": ({"organization": "Example"}, "organisation", "type"),
    "a discussion as a number": ({"discussionId": 5}, "discussion_id", "type"),
}


@pytest.mark.parametrize("paper, field, rule", NULLING.values(), ids=NULLING.keys())
def test_a_bad_optional_value_becomes_null_and_an_issue(
    paper: dict[str, Any], field: str, rule: str
) -> None:
    taken = take_apart(api_body([api_entry(0, paper=paper), *SOUND]))
    assert taken.issues == [(0, field, rule)]
    assert taken.rejected == []
    assert taken.accepted[0][field] is None
    assert all(taken.accepted[1][name] is not None for name in ("votes", "published_at", "authors"))


@pytest.mark.parametrize(
    "authors, names, has_issue",
    [
        ([{"name": "Ada"}, "Ben"], ["Ada", "Ben"], False),
        ([{"name": " Ada\nExample "}], ["Ada Example"], False),
        ([{"name": None}, {"name": "Ben"}], ["Ben"], True),
        ([{"fullname": "Ada"}, {"name": "Ben"}], ["Ada", "Ben"], False),
        ([{"label": "Ada"}, {"name": "Ben"}], ["Ben"], True),
        ([None, {"name": "Ben"}], ["Ben"], True),
        ([3, ["Ada"], {"name": "Ben"}], ["Ben"], True),
        ([], [], False),
        (None, None, False),
    ],
)
def test_authors_keep_their_order_and_those_without_a_name_are_told(
    authors: object, names: list[str] | None, has_issue: bool
) -> None:
    taken = take_apart(api_body([api_entry(0, paper={"authors": authors}), *SOUND]))
    assert taken.accepted[0]["authors"] == names
    assert taken.issues == ([(0, "authors", "type")] if has_issue else [])


def test_of_a_key_that_stands_twice_the_last_value_counts() -> None:
    body = api_page(3).replace(b'"upvotes": 2', b'"upvotes": 9, "upvotes": 5')
    assert take_apart(body).accepted[0]["votes"] == 5


def test_a_title_with_a_newline_and_an_escaped_nul_is_readable() -> None:
    body = api_body([api_entry(0, paper={"title": "Slow\nMirrors\0Learn"}), *SOUND])
    taken = take_apart(body)
    assert taken.accepted[0]["title"] == "Slow Mirrors Learn"
    assert [rule for _, _, rule in taken.issues] == ["control_character"]


def test_an_issue_about_a_control_character_names_the_field() -> None:
    taken = take_apart(api_body([api_entry(0, paper={"title": "Slow\0Mirrors"}), *SOUND]))
    assert [field for _, field, _ in taken.issues] == ["title"]


HARMLESS_TEXTS = {
    "nothing but a set": "{'paper': {1, 2}}",
    "a call": "{'paper': __import__('os').getcwd()}",
    "a lambda": "{'paper': (lambda: 1)()}",
    "5,000 brackets": "{'paper': " + "[" * 5_000 + "]" * 5_000 + "}",
    "150 brackets": "{'paper': " + "[" * 150 + "]" * 150 + "}",
    "100,000 signs": "{'paper': " + "-" * 100_000 + "1}",
    "100,000 digits": "{'paper': " + "9" * 100_000 + "}",
    "a NUL": "{'paper': \0}",
    "not a number": "{'paper': nan}",
    "half a text": "{'paper': {'id': '2506",
}


@pytest.mark.parametrize("text", HARMLESS_TEXTS.values(), ids=HARMLESS_TEXTS.keys())
def test_a_text_that_stands_for_no_entry_is_rejected_and_never_run(text: str) -> None:
    taken = take_apart(api_body([text, *SOUND]))
    assert taken.rejected == [(0, "entry", "shape")]
    assert len(taken.accepted) == len(SOUND)


def spoil(change: dict[Any, Any]) -> str:
    """Return the Python text of an entry that is rejected and holds something odd."""
    return repr(api_entry(0, paper={"id": 1, **change}))


ODD_TEXTS = {
    "a rejected key that is a number": spoil({5: 6}),
    "a rejected number of 31 digits": spoil({"extra": 10**30}),
    "half a surrogate pair in a title": repr(api_entry(0)).replace("Pebbles", r"\ud800"),
    "half a surrogate pair in an abstract": repr(api_entry(0)).replace("care", r"\ud800"),
    "half a surrogate pair in an author": repr(api_entry(0)).replace("Ada", r"\ud800"),
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_a_text_of_python_with_odd_values_harms_its_own_entry_only(text: str) -> None:
    states = take_apart(api_body([text, *SOUND])).states
    assert states["entries_seen"] == len(SOUND) + 1
    assert states["entries_accepted"] >= len(SOUND)


def test_a_rejected_entry_with_900_levels_keeps_its_payload() -> None:
    deep = api_body(SOUND)[:-1] + b"," + b"[" * 900 + b"]" * 900 + b"]"
    assert take_apart(deep).rejected == [(len(SOUND), "entry", "shape")]


@pytest.mark.parametrize(
    "time",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "-0001-01-01T00:00:00Z"],
)
def test_a_time_that_leaves_the_calendar_in_utc_becomes_null(time: str) -> None:
    taken = take_apart(api_body([api_entry(0, paper={"publishedAt": time}), *SOUND]))
    assert [field for _, field, _ in taken.issues] == ["published_at"]


def test_a_publication_date_without_a_time_is_read_or_its_reason_is_true() -> None:
    taken = take_apart(api_body([api_entry(0, paper={"publishedAt": "2025-06-18"}), *SOUND]))
    if taken.accepted[0]["published_date"] is None:
        assert "not a date in ISO 8601" not in taken.judged.issues["reason"].item()


def test_texts_of_json_are_read_or_not_recognised() -> None:
    body = api_body([api_body(source).decode() for source in SOUND])
    try:
        taken = take_apart(body)
    except UnknownFormatError:
        return
    assert taken.states["state"] == "loaded"


def test_an_implausible_listing_time_gives_no_feed_date() -> None:
    source = api_entry(0, paper={"submittedOnDailyAt": "0001-01-01T00:00:00.000Z"})
    states = take_apart(api_body([source]), feed_date=None, captured_at=None).states
    assert states["state"] == "held"
    assert states["reason"].startswith("no_feed_date")


def test_the_papers_of_a_week_are_each_of_the_day_on_which_they_were_listed() -> None:
    times = ("2025-03-04T23:59:59.000Z", "2025-03-03T00:00:00.000Z", None)
    sources = [
        api_entry(number, paper={"submittedOnDailyAt": time}) for number, time in enumerate(times)
    ]
    parsed = take_apart(api_body(sources), feed_date=None).parsed
    assert parsed.stated_days == (date(2025, 3, 3), date(2025, 3, 4))
    assert [entry.stated_date for entry in parsed.entries] == ["2025-03-04", "2025-03-03", None]
    again = take_apart(wrapped_body(sources, date=None), feed_date=None).parsed
    assert [entry.stated_date for entry in again.entries] == ["2025-03-04", "2025-03-03", None]


def test_a_number_beyond_all_doubles_in_an_ignored_field_is_refused_or_read() -> None:
    sound = api_body([api_entry(0, paper={"id": "x"}), *SOUND])
    body = sound.replace(b'"https://cdn.example.org/a.png"', b"1e999")
    with suppress(UnknownFormatError):
        assert take_apart(body).rejected == [(0, "source_id", "id_scheme")]


def test_both_readers_find_the_same_fault_with_the_least_number() -> None:
    sources = [api_entry(0, paper={"upvotes": -(2**63)})]
    assert read(recognise(api_body(sources)).document) == read(sources)


def read(document: object) -> tuple[object, ...]:
    """Return everything that a body says, by whichever reader its type calls for."""
    parsed = parse(document, Context())
    return (
        parsed.entries,
        [misfit[:3] for misfit in parsed.misfits],
        parsed.unknown_fields,
        parsed.vanished_fields,
        parsed.envelope_error,
        parsed.feed_date,
        [parsed.payload(position) for position in range(len(parsed.entries))],
    )


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet=st.characters(exclude_categories=["Cs"], max_codepoint=0x2FFF), max_size=6)
    | st.lists(st.none() | st.integers(-2, 2) | st.text("ab\0\n", max_size=2), max_size=2)
    | st.dictionaries(
        st.sampled_from(["name", "user", "id"]), st.integers() | st.none(), max_size=2
    )
)


@st.composite
def mutated_lists(draw: st.DrawFn) -> list[Any]:
    """Return a sound list of entries with some values replaced, removed or added."""
    sources: list[Any] = [api_entry(number) for number in range(draw(st.integers(1, 4)))]
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(sources) - 1))
        target = sources[number]
        if not isinstance(target, dict) or draw(st.integers(0, 9)) == 0:
            sources[number] = draw(LEAVES)
            continue
        if draw(st.booleans()) and isinstance(target.get("paper"), dict):
            target = target["paper"]
        name = draw(st.sampled_from([*target, "surprise"]))
        if draw(st.booleans()):
            target[name] = draw(LEAVES)
        else:
            target.pop(name, None)
    return sources


@given(mutated_lists())
def test_the_quick_reader_says_what_the_general_one_says(sources: list[Any]) -> None:
    body = api_body(sources)
    try:
        document = recognise(body).document
    except UnknownFormatError:
        return
    assert read(document) == read(json.loads(body))


@FEWER
@given(mutated_lists(), st.sampled_from(["plain", "wrapped", "texts"]), st.booleans())
def test_a_mutated_capture_is_counted_whole_and_never_breaks_a_stage(
    sources: list[Any], shape: str, has_date: bool
) -> None:
    body = wrapped_body(sources) if shape == "wrapped" else api_body(sources)
    if shape == "texts":
        body = api_body([repr(source) for source in sources])
    try:
        taken = take_apart(body, feed_date=TODAY if has_date else None)
    except UnknownFormatError:
        return
    states = taken.states
    counted = sum(states[f"entries_{state}"] for state in ("accepted", "rejected", "held"))
    assert states["entries_seen"] == len(sources) == counted
    assert states["entries_accepted"] == len(taken.accepted) == taken.kept.accepted.height
    assert states["entries_rejected"] == taken.kept.rejects.height
    assert (states["state"] == "held") == (states["reason"] is not None)


def test_a_search_page_is_not_taken_for_a_list() -> None:
    assert take_apart(search_text(), kind="search", id_scheme="none").parsed.feed_date is None


def test_lines_of_entries_are_a_list_and_a_broken_one_is_rejected() -> None:
    body = b"\n".join(json.dumps(api_entry(n)).encode() for n in range(2)) + b'\n{"paper": {"id'
    known = recognise(body)
    parsed = known.format.parse(known.document, Context())
    assert [entry.title for entry in parsed.entries] == [*TITLES[:2], None]
    assert parsed.misfits[0].reason.startswith("not JSON: ")
    assert parsed.payload(2) == '{"paper": {"id'


def test_papers_without_the_objects_around_them_are_read() -> None:
    papers = [api_entry(n)["paper"] for n in range(2)]
    for document in (papers, {"papers": papers}, {"dailyPapers": [api_entry(0), papers[1]]}):
        known = recognise(json.dumps(document).encode())
        parsed = known.format.parse(known.document, Context())
        assert [entry.title for entry in parsed.entries] == list(TITLES[:2])
        assert parsed.feed_date == date.fromisoformat(DAY)


def test_a_list_of_a_week_states_no_day() -> None:
    entry = api_entry(paper={"submittedOnDailyAt": None})
    for period, day in (("week", None), ("day", date.fromisoformat(DAY))):
        document = {"dailyPapers": [entry], "dateString": DAY, "periodType": period}
        known = recognise(json.dumps(document).encode())
        assert known.format.parse(known.document, Context()).feed_date == day


def test_more_lines_than_a_list_may_have_are_held_and_none_is_left_out_in_silence() -> None:
    known = recognise(api_body(api_entry()) + b"\n1" * 20_000)
    parsed = known.format.parse(known.document, Context())
    assert parsed.envelope_error == "more than 20,000 entries"
