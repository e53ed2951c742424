"""Facts from the end of a path."""

import os
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.pipeline.path_template import PathFacts, PathTemplate, parse_date, parse_time
from flows.report import PathTemplateError

USUAL = "{origin}/{feed_date}/{captured_at}.json"


def read(path: str, template: str = USUAL) -> PathFacts:
    """Return what a path says by a template."""
    return PathTemplate(template).read(PurePosixPath(path))


def instant(text: str) -> datetime:
    """Return a naive instant."""
    return datetime.fromisoformat(text)


def test_a_path_says_origin_day_and_time() -> None:
    assert read("/data/x/clark/2025-06-20/20250621T010203Z.json") == PathFacts(
        origin="clark",
        feed_date=date(2025, 6, 20),
        captured_at=instant("2025-06-21T01:02:03"),
    )


@pytest.mark.parametrize(
    "text, expected",
    [
        ("20250621T010203Z", "2025-06-21T01:02:03"),
        ("20250621T010203", "2025-06-21T01:02:03"),
        ("20250621T010203+0200", "2025-06-20T23:02:03"),
        ("20250621T010203.250Z", "2025-06-21T01:02:03.25"),
        ("2025-06-21T01:02:03Z", "2025-06-21T01:02:03"),
        ("2025-06-21T01:02:03.123456+00:00", "2025-06-21T01:02:03.123456"),
        ("2025-06-21T01:02:03.123456789Z", "2025-06-21T01:02:03.123456"),
        ("2025-06-21 01:02:03-05:30", "2025-06-21T06:32:03"),
        ("2025-06-21T01-02-03Z", "2025-06-21T01:02:03"),
        ("2025-06-21T01-02-03", "2025-06-21T01:02:03"),
        ("2025-06-21_01-02-03", "2025-06-21T01:02:03"),
        ("2025-06-21T01:02Z", "2025-06-21T01:02:00"),
        ("2025-06-21", "2025-06-21T00:00:00"),
        ("20250621", "2025-06-21T00:00:00"),
    ],
)
def test_a_time_is_read_in_many_spellings_and_is_utc(text: str, expected: str) -> None:
    assert parse_time(text) == instant(expected)
    assert read(f"a/2025-06-20/{text}.json").captured_at == instant(expected)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "1750467600",
        "20250621010203",
        "20250621T250000Z",
        "2025-06-21T24:00:01Z",
        "2025-06-21T01:02:61Z",
        "2025-02-30T00:00:00Z",
        "20250621T010203+9999",
        "2025-06-21T01:02:03Z.json",
        "2025-06-21T01:02:03Z (1)",
        "٢٠٢٥-06-21",
        "2025-06-21\n",
    ],
)
def test_what_is_no_time_is_told_with_the_field(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_time(text)
    with pytest.raises(PathTemplateError, match="captured_at in the path is"):
        read(f"a/2025-06-20/{text}.json")


@pytest.mark.parametrize("text", ["2025-02-30", "2025-6-20", "20-06-2025", "today", "2025-13-01"])
def test_what_is_no_date_is_told_with_the_field(text: str) -> None:
    with pytest.raises(PathTemplateError, match=f"feed_date in the path is '{text}'"):
        read(f"a/{text}/20250621T010203Z.json")


def test_a_date_is_read_with_and_without_hyphens() -> None:
    assert parse_date("2025-06-20") == parse_date("20250620") == date(2025, 6, 20)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_time_that_leaves_the_calendar_in_utc_is_told_with_the_field(text: str) -> None:
    with pytest.raises(PathTemplateError, match="captured_at in the path is"):
        read(f"a/2025-06-20/{text}.json")


def test_a_path_that_does_not_fit_says_nothing() -> None:
    assert read("/data/loose.json") == PathFacts()
    assert read("a/2025-06-20/20250621T010203Z.txt") == PathFacts()
    assert read("") == PathFacts()


@pytest.mark.parametrize(
    "template, path, expected",
    [
        ("{feed_date}.json", "/x/2025-06-20.json", PathFacts(feed_date=date(2025, 6, 20))),
        ("{_}/{feed_date}/{_}", "o/2025-06-20/a b.c", PathFacts(feed_date=date(2025, 6, 20))),
        ("{_}{_}" * 15 + "/{feed}.json", "a" * 200 + "/b/x.txt", PathFacts()),
        ("{feed}/{page}-{_}.json", "hf-daily/2-x.json", PathFacts(feed_id="hf-daily", page="2")),
        ("{query}.txt", "/a/sparse nets.txt", PathFacts(query="sparse nets")),
        ("fixed/{origin}.json", "x/fixed/me.json", PathFacts(origin="me")),
        ("/{origin}.json", "x/me.json", PathFacts(origin="me")),
        ("a.b/{origin}.json", "a.b/me.json", PathFacts(origin="me")),
        ("a.b/{origin}.json", "aXb/me.json", PathFacts()),
        ("{origin}.json", "new\nline.json", PathFacts(origin="new\nline")),
        ("{origin}.json", "-dash $(x) %s.json", PathFacts(origin="-dash $(x) %s")),
    ],
)
def test_any_field_may_be_absent_and_all_else_is_taken_to_the_letter(
    template: str, path: str, expected: PathFacts
) -> None:
    assert read(path, template) == expected


@pytest.mark.parametrize(
    "template, complaint",
    [
        ("{day}", "no field 'day'; there are origin, feed, feed_date"),
        ("{feed_date}/{feed_date}", "the field 'feed_date' stands twice"),
    ],
)
def test_a_template_that_cannot_be_used_is_told(template: str, complaint: str) -> None:
    with pytest.raises(PathTemplateError, match=complaint):
        PathTemplate(template)


@pytest.mark.parametrize(
    "template", ["{feed_date", "{", "{FEED_DATE}.json", "{feed-date}.json", "{}.json", "plain.json"]
)
def test_a_template_with_a_misspelt_placeholder_is_told(template: str) -> None:
    with pytest.raises(PathTemplateError):
        PathTemplate(template)


def test_fields_that_repeat_in_a_long_path_take_no_time() -> None:
    path = "/".join(["2025-06-20"] * 300)
    assert read(path, "{_}/{_}{_}{_}/{origin}-x").origin is None


@given(
    st.datetimes(datetime.fromisoformat("1000-01-01"), datetime.fromisoformat("9000-01-01")),
    st.sampled_from(["%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H-%M-%SZ"]),
)
def test_a_written_time_is_read_as_it_was(moment: datetime, form: str) -> None:
    moment = moment.replace(microsecond=0)
    text = moment.strftime(form)
    assert parse_time(text) == moment
    assert parse_time(moment.replace(tzinfo=UTC).isoformat()) == moment


@given(st.text(max_size=40))
def test_any_path_is_read_or_told(path: str) -> None:
    try:
        facts = read(path)
    except PathTemplateError as error:
        assert "in the path is" in str(error)
    else:
        assert facts == PathFacts() or facts.captured_at is not None


def test_bytes_of_a_name_that_are_no_utf_8_are_said_as_escapes() -> None:
    path = PurePosixPath(os.fsdecode(b"/in/caf\xe9/2025-06-20/\xff.json"))
    facts = PathTemplate("{origin}/{feed_date}/{query}.json").read(path)
    assert (facts.origin, facts.query) == ("caf\\xe9", "\\xff")
