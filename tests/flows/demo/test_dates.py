"""The demonstration is dated relative to a day: nothing of it lies ahead, and its papers are the
same.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from config.settings import ConfigError
from flows.demo.demo import last_end, sample_size, write_captures
from flows.demo.synthetic import SampleSize, write_sample
from flows.workspace import Workspace
from tests.flows.captures import write

MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize("end", [MONDAY + timedelta(days=n) for n in range(7)])
def test_a_sample_is_nine_whole_weeks_and_the_days_since(end: date) -> None:
    size = sample_size(end)
    assert size.start == MONDAY - timedelta(weeks=9)
    assert size.feed_dates[-1] == end - timedelta(days=1)
    assert size.onsets == (date(2026, 11, 9), date(2026, 11, 16))


def test_a_day_is_the_last_one_only_when_its_last_look_has_been_taken() -> None:
    assert last_end(datetime.fromisoformat("2026-11-30T00:59")) == date(2026, 11, 29)
    assert last_end(datetime.fromisoformat("2026-11-30T01:00")) == date(2026, 11, 30)


def test_samples_of_other_dates_have_the_same_papers_and_no_look_ahead(tmp_path: Path) -> None:
    planted = []
    for start in (date(2026, 1, 5), date(2025, 11, 3)):
        size = SampleSize(days=14, papers_per_day=8, start=start)
        folder = tmp_path / start.isoformat()
        planted.append(write_sample(folder, size))
        last = datetime.combine(start + timedelta(days=14), time(1))
        # late looks apart, which such a short sample has weeks after its end
        late = {look.path.stem for look in planted[-1].late}
        looks = {path.stem for path in folder.rglob("*T*Z.json")} - late
        assert max(looks) <= f"{last:%Y%m%dT%H%M%SZ}"
    assert planted[0].search_only == planted[1].search_only


def test_a_demonstration_leaves_captures_of_others_and_foreign_folders_alone(
    tmp_path: Path,
) -> None:
    mine = write(tmp_path / "captures" / "mine.json", "[]")
    workspace = Workspace.open(tmp_path)
    write_captures(workspace, MONDAY)
    write_captures(workspace, MONDAY)
    assert mine.exists()
    (tmp_path / "thesis.tex").touch()
    lists = {path.name: path.stat().st_mtime_ns for path in tmp_path.rglob("*Z.json")}
    with pytest.raises(ConfigError, match=r"holds other files \(thesis.tex\)"):
        write_captures(workspace, MONDAY)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.rglob("*Z.json")} == lists
