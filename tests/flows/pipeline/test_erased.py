"""What is on record with a name erased from it, when the same file comes again."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.pipeline.erased import Erased
from warehouse.landing import Landing
from warehouse.landing_records import ORIGIN, REFUSED

AT = datetime(2026, 3, 2, 12, tzinfo=UTC).replace(tzinfo=None)


def refused(landing: Landing, *rows: tuple[str, str, str]) -> Erased:
    records = [(path, 1, blob_id, reason, AT) for path, reason, blob_id in rows]
    landing.write("refused", pl.DataFrame(records, schema=REFUSED, orient="row"))
    return Erased(landing)


@pytest.mark.parametrize(
    ("key", "is_known"),
    [
        (("/in/Jane/a and Jane.x", "no known format|b1"), True),
        (("/in/Jane/a and Jane.x", "no known format|b2"), False),
        (("/in/Jane/a and Jane.y", "no known format|b1"), False),
        (("/in/Jane/a and .x", "no known format|b1"), False),
        (("/in//a and Jane.x", "no known format|b1"), False),
    ],
)
def test_a_refused_file_is_known_by_what_stands_around_the_name(
    tmp_path: Path, key: tuple[str, str], is_known: bool
) -> None:
    erased = refused(Landing(tmp_path), ("/in/[erased]/a and [erased].x", "no known format", "b1"))
    assert erased.is_refused(key) is is_known


def test_a_place_is_known_for_its_capture_alone(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    row = ("c1", "of [erased]", "/in/[erased].json", AT)
    landing.write("origins", pl.DataFrame([row], schema=ORIGIN, orient="row"))
    erased = Erased(landing)
    assert erased.is_origin(("c1", "of Jane", "/in/Jane.json"))
    assert not erased.is_origin(("c2", "of Jane", "/in/Jane.json"))


def test_a_file_that_is_named_as_an_erasure_thirty_times_stops_no_run(tmp_path: Path) -> None:
    path = f"/in/{'[erased]' * 31}.x"
    erased = refused(Landing(tmp_path), (path, "no known format", "b1"))
    assert not erased.is_refused((f"/in/{'another ' * 20}.y", "no known format|b1"))
