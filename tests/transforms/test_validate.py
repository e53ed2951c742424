"""The contract at the boundary: what is accepted, what is refused, what becomes null."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.captures import FEWER, LOOKED_AT
from transforms.parse.entry import Entry, Misfit, Parsed
from transforms.schemas import ISSUE, PARSED
from transforms.validate import ParsedCapture, Validated, gather_entries, validate


def capture(
    name: str, *entries: Entry, scheme: str = "arxiv", misfits: Sequence[Misfit] = ()
) -> ParsedCapture:
    """Return one capture of the given entries, in the order in which they are given."""
    placed = [entry._replace(position=number) for number, entry in enumerate(entries)]
    payloads = [{"title": entry.title} for entry in placed]
    parsed = Parsed(entries=placed, payloads=payloads, misfits=list(misfits))
    return ParsedCapture(name, scheme, LOOKED_AT, parsed)


SOUND = Entry(0, source_id="2506.01939", title="Slow Mirrors", votes=3)


def test_no_captures_give_empty_frames_of_the_right_columns() -> None:
    judged = validate([])
    assert judged.accepted.is_empty()
    assert {*PARSED, "title_key", "title_version"} == set(judged.accepted.columns)
    assert judged.issues.schema == ISSUE
    assert judged.rejects.columns == [*ISSUE.names(), "payload"]


def test_entries_of_several_captures_are_told_apart() -> None:
    bad = SOUND._replace(title=None)
    judged = validate([capture("a", SOUND, bad), capture("b"), capture("c", bad, SOUND)])
    assert judged.accepted.select("capture_id", "position").rows() == [("a", 0), ("c", 1)]
    assert judged.rejects.select("capture_id", "position", "field").rows() == [
        ("a", 1, "title"),
        ("c", 0, "title"),
    ]
    assert judged.rejects["payload"].to_list() == ['{"title":null}'] * 2


def test_an_entry_with_several_faults_is_rejected_once_for_the_first_of_them() -> None:
    judged = validate([capture("a", Entry(0, source_id="nonsense", title="?!", votes=-1))])
    assert judged.rejects.height == 1
    assert judged.issues.is_empty()


def test_a_value_that_the_parser_could_not_read_has_the_parsers_reason() -> None:
    misfit = Misfit(0, "source_id", "type", "source_id is a number (1), not a text", "1")
    judged = validate([capture("a", SOUND._replace(source_id=None), misfits=[misfit])])
    assert judged.rejects.select("rule", "reason").rows() == [("type", misfit.reason)]


@pytest.mark.parametrize(
    "source_id",
    [
        "2506.01939",
        "2506.01939v2",
        "0704.0001",
        "hep-th/9901001",
        "hep-th/9901001v3",
        "math.AG/0501001",
        "q-alg/9501001",
    ],
)
def test_arxiv_ids_old_and_new_with_and_without_version_are_accepted(source_id: str) -> None:
    assert validate([capture("a", SOUND._replace(source_id=source_id))]).accepted.height == 1


@pytest.mark.parametrize(
    ("source_id", "is_accepted"),
    [
        ("2506.01939", True),
        ("2507.00001", True),  # clocks differ
        ("2508.00001", False),
        ("9912.12345", False),
        ("hep-th/9901001", True),
    ],
)
def test_an_id_of_a_month_that_had_not_come_is_rejected(source_id: str, is_accepted: bool) -> None:
    seen = capture("a", SOUND._replace(source_id=source_id))
    judged = validate([seen._replace(seen_until=date(2025, 6, 30))])
    assert judged.rejects["rule"].to_list() == ([] if is_accepted else ["future_id"])
    assert validate([seen]).rejects.is_empty()


@pytest.mark.parametrize(
    "scheme, source_id, is_accepted",
    [
        ("arxiv", None, False),
        ("arxiv", "x1", False),
        ("arxiv-optional", None, True),
        ("arxiv-optional", "x1", False),
        ("arxiv", "doi:10.1145/3292500.3330701", False),
        ("arxiv-optional", "doi:10.1145/3292500.3330701", True),
        ("arxiv-optional", "doi:10.1145/", False),
        ("none", None, True),
    ],
)
def test_the_id_scheme_of_the_feed_says_whether_an_id_must_be_there(
    scheme: str, source_id: str | None, is_accepted: bool
) -> None:
    entry = SOUND._replace(source_id=source_id)
    assert validate([capture("a", entry, scheme=scheme)]).accepted.height == is_accepted


@pytest.mark.parametrize("title, is_accepted", [("x" * 2_000, True), ("x" * 2_001, False)])
def test_a_title_may_have_2_000_characters(title: str, is_accepted: bool) -> None:
    assert validate([capture("a", SOUND._replace(title=title))]).accepted.height == is_accepted


def test_the_length_of_a_title_is_judged_after_cleaning() -> None:
    spaced = SOUND._replace(title="Slow" + " \n" * 5_000 + "Mirrors")
    assert validate([capture("a", spaced)]).accepted["title"].to_list() == ["Slow Mirrors"]


@pytest.mark.parametrize(
    "time, is_kept",
    [
        ("2025-06-18T05:51:36.000Z", True),
        ("2025-06-18T05:51:36+02:00", True),
        ("2025-06-23T00:59:59.000Z", True),
        ("2025-06-23T01:00:01.000Z", False),
        ("1800-01-01T00:00:00.000Z", True),
        ("1799-12-31T23:59:59.000Z", False),
        ("2199-01-01T00:00:00.000Z", False),
    ],
)
def test_a_publication_lies_between_1800_and_two_days_after_the_look(
    time: str, is_kept: bool
) -> None:
    judged = validate([capture("a", SOUND._replace(published_at=time))])
    assert judged.accepted["published_at"].is_not_null().to_list() == [is_kept]
    assert judged.issues["field"].to_list() == ([] if is_kept else ["published_at"])


def test_times_are_in_utc() -> None:
    judged = validate([capture("a", SOUND._replace(published_at="2025-06-18T01:30:00+02:00"))])
    assert str(judged.accepted["published_at"].item()) == "2025-06-17 23:30:00"


def test_a_value_is_kept_with_its_issue_but_never_at_any_length() -> None:
    link = "ftp://" + "x" * 10_000
    judged = validate([capture("a", SOUND._replace(project_url=link))])
    (value,) = judged.issues["value"]
    assert link.startswith(value)
    assert 100 <= len(value) <= 1_000


def test_a_title_of_letters_that_python_does_not_know_yet_is_accepted_or_rejected() -> None:
    from transforms.conform import conform

    judged = validate([capture("0" * 64, SOUND._replace(title="\U00031350\U00031351"))])
    assert conform(judged.accepted).entries.height + judged.rejects.height == 1


@pytest.mark.parametrize("title", ["\u3164\u3164", "\u115f", "\uffa0"])
def test_a_title_of_hangul_fillers_is_rejected(title: str) -> None:
    assert validate([capture("a", SOUND._replace(title=title))]).accepted.is_empty()


def test_an_id_in_a_feed_that_has_none_is_no_identity() -> None:
    from transforms.conform import conform

    entry = SOUND._replace(source_id="a b")
    accepted = validate([capture("0" * 64, entry, scheme="none")]).accepted
    assert conform(accepted).entries["own_id"].str.starts_with("title:").all()


TEXTS = st.none() | st.text(
    alphabet=st.characters(exclude_categories=["Cs"], max_codepoint=0x2FFF), max_size=6
)
NUMBERS = st.none() | st.integers(-(2**63) + 1, 2**63 - 1)
LISTS = st.none() | st.lists(st.text("ab \0", max_size=3), max_size=3)
TIMES = st.none() | st.text("0123456789-:TZ.+ ", max_size=25) | st.datetimes().map(str)
ENTRIES = st.builds(
    Entry,
    position=st.just(0),
    source_id=st.sampled_from(["2506.01939", "hep-th/9901001v2", "", None]) | TEXTS,
    title=st.just("Slow Mirrors") | TEXTS,
    abstract=TEXTS,
    authors=LISTS,
    published_at=TIMES.filter(lambda time: not (time or "").startswith(("-", "0000", "9999"))),
    published_date=TIMES,
    votes=NUMBERS,
    comments=NUMBERS,
    stars=NUMBERS,
    organisation=TEXTS,
    github_url=TEXTS,
    keywords=LISTS,
)


@FEWER
@given(st.lists(st.lists(ENTRIES, max_size=4), max_size=3))
def test_every_entry_is_accepted_or_rejected_and_every_issue_is_a_null(
    batch: list[list[Entry]],
) -> None:
    captures = [capture(str(number), *entries) for number, entries in enumerate(batch)]
    judged = validate(captures)
    places = ["capture_id", "position"]
    accepted, rejected = judged.accepted.select(places), judged.rejects.select(places)
    assert pl.concat([accepted, rejected]).sort(places).rows() == sorted(
        (c.capture_id, entry.position) for c in captures for entry in c.parsed.entries
    )
    # after a control character the value stays, read without it
    nulled = judged.issues.filter(pl.col("rule") != "control_character")
    for issue in nulled.filter(pl.col("field").is_in(judged.accepted.columns)).rows(named=True):
        row = judged.accepted.row(
            by_predicate=(pl.col("capture_id") == issue["capture_id"])
            & (pl.col("position") == issue["position"]),
            named=True,
        )
        assert row[issue["field"]] is None
    assert_the_order_of_captures_is_nothing(captures, judged)


def assert_the_order_of_captures_is_nothing(
    captures: list[ParsedCapture], judged: Validated
) -> None:
    reverse = validate(captures[::-1])
    for name in ("accepted", "rejects", "issues"):
        rows = [getattr(side, name).rows() for side in (judged, reverse)]
        assert sorted(map(str, rows[0])) == sorted(map(str, rows[1]))


def test_gathered_entries_have_the_types_of_the_schema_whatever_is_null() -> None:
    gathered = gather_entries([capture("a", Entry(0), Entry(0, authors=[]))])
    assert gathered.schema == PARSED
    assert gathered["authors"].to_list() == [None, []]


def test_a_day_that_an_entry_states_is_read_only_where_each_states_its_own() -> None:
    texts = ("2025-06-19", None, "last week", "2025-06-23", "1066-10-14", "2025-06-22")
    said = capture("a", *(SOUND._replace(stated_date=text) for text in texts))
    judged = validate([said._replace(days_between=(date.min, date(2025, 6, 22)))])
    first, last = date(2025, 6, 19), date(2025, 6, 22)
    assert judged.accepted["stated_date"].to_list() == [first, None, None, None, None, last]
    assert judged.issues.select("position", "field", "rule").rows() == [
        (1, "stated_date", "required"),
        (2, "stated_date", "not_a_date"),
        (3, "stated_date", "implausible_date"),
        (4, "stated_date", "implausible_date"),
    ]
    of_one_day = validate([said])
    assert of_one_day.accepted["stated_date"].null_count() == len(texts)
    assert of_one_day.issues.is_empty()


def test_an_entry_that_states_another_day_than_that_of_its_list_is_told() -> None:
    texts = ("2025-06-19", None, "2025-06-20")
    said = capture("a", *(SOUND._replace(stated_date=text) for text in texts))
    judged = validate([said._replace(feed_date=date(2025, 6, 20))])
    assert judged.issues.select("position", "field", "rule", "value").rows() == [
        (0, "stated_date", "other_day", "2025-06-19")
    ]
    assert judged.accepted["stated_date"].null_count() == len(texts)
