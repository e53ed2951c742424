"""The one pass over a frame finds what Pandera finds, and Pandera is asked of nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from transforms.contracts import ALIASES, CONFORMED_ENTRIES, PARSED_ENTRIES, Contract
from transforms.schemas import COUNTS, LARGEST_COUNT, LINKS, NOTES, PARSED, TIMES, TIMESTAMP
from transforms.years import EARLIEST_PUBLICATION

LOOK = datetime(2025, 3, 7, tzinfo=UTC).replace(tzinfo=None)
SOUND: dict[str, Any] = {
    "capture_id": "a" * 64,
    "id_scheme": "arxiv",
    "captured_at": LOOK,
    "seen_until": date(2025, 3, 7),
    "position": 0,
    "source_id": "2503.00001v2",
    "title": "Paper",
    "title_key": "paper",
    "votes": 3,
}
PLANTED: list[dict[str, Any]] = [
    {},
    {"source_id": None},
    {"source_id": "no id"},
    {"source_id": "2509.00001"},
    {"id_scheme": "none", "source_id": None},
    {"id_scheme": "arxiv-optional", "source_id": "doi:10.1145/3292500.3330701"},
    {"title": None},
    {"title": "x" * 2_001},
    {"title_key": ""},
    {"abstract": "x" * 50_001},
    {"published_date": date(EARLIEST_PUBLICATION - 1, 1, 1)},
    {"published_date": date(2025, 3, 20), "captured_at": None},
    {"announce_type": "nonsense"},
    *({name: LOOK + timedelta(days=13)} for name in TIMES),
    *({name: -1} for name in COUNTS),
    *({name: LARGEST_COUNT + 1} for name in COUNTS),
    *({name: "ftp://host"} for name in LINKS),
    *({name: "x" * 2_001} for name in NOTES),
    {"title": None, "votes": -1},
]


def entries(rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {**PARSED, "title_key": pl.String, "published_date": pl.Date}
    schema |= dict.fromkeys(TIMES, TIMESTAMP)
    return pl.DataFrame([{**SOUND, **row} for row in rows], schema=schema)


def by_row(contract: Contract, frame: pl.DataFrame) -> list[set[str]]:
    """Return the columns that the whole contract, as Pandera checks it, finds wrong in each row."""
    from pandera.errors import SchemaErrors

    found: list[set[str]] = [set() for _ in range(frame.height)]
    with pytest.raises(SchemaErrors) as caught:
        contract._as_pandera(contract.columns).validate(frame, lazy=True)
    for index, column in caught.value.failure_cases.select("index", "column").iter_rows():
        found[int(index)].add(column)
    return found


def test_the_one_pass_finds_every_planted_violation_that_pandera_finds_and_no_other() -> None:
    frame = entries(PLANTED)
    whole = by_row(PARSED_ENTRIES, frame)
    assert sum(map(bool, whole)) == len(PLANTED) - 4
    assert set().union(*whole) == set(PARSED_ENTRIES.columns) - {"authors"}
    assert [set(PARSED_ENTRIES.find_broken(row)) for row in frame.iter_slices(1)] == whole


def test_failures_are_those_of_the_whole_contract() -> None:
    frame = entries(PLANTED)
    failures = PARSED_ENTRIES.find_failures(frame)
    assert failures is not None
    found: list[set[str]] = [set() for _ in range(frame.height)]
    for index, column in failures.select("index", "column").iter_rows():
        found[int(index)].add(column)
    assert found == by_row(PARSED_ENTRIES, frame)
    assert PARSED_ENTRIES.find_failures(frame.head(1)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"capture_id": "x"},
        {"position": -1},
        {"own_id": "no id"},
        {"title_key": ""},
        {"content_id": "x"},
        {"content_id": None},
        {},
    ],
)
def test_an_entry_that_must_not_be_loaded_raises(change: dict[str, Any]) -> None:
    from pandera.errors import SchemaErrors

    sound = {
        "capture_id": "a" * 64,
        "position": 0,
        "own_id": "arxiv:2503.00001",
        "title_key": "paper",
        "content_id": "b" * 32,
    }
    schema = {name: column.dtype for name, column in CONFORMED_ENTRIES.columns.items()}
    CONFORMED_ENTRIES.validate(pl.DataFrame([sound], schema=schema))
    # without a change it is the same entry twice
    with pytest.raises(SchemaErrors):
        CONFORMED_ENTRIES.validate(pl.DataFrame([sound, {**sound, **change}], schema=schema))


def test_a_frame_of_another_shape_raises() -> None:
    from pandera.errors import SchemaErrors

    aliases = pl.DataFrame({"alias_id": ["a", "b"], "paper_id": ["a", "a"]})
    ALIASES.validate(aliases)
    for broken in (
        aliases.with_columns(alias_id=pl.lit("a")),
        aliases.with_columns(paper_id=pl.lit(None, pl.String)),
        aliases.with_columns(other=1),
        aliases.select("alias_id"),
        aliases.with_columns(paper_id=1),
    ):
        with pytest.raises(SchemaErrors):
            ALIASES.validate(broken)
