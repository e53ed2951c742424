"""The log of runs: a JSON object a line, bounded, and never the reason why a run fails."""

import json
from pathlib import Path

from warehouse import run_log
from warehouse.run_log import RunLog


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_holds_the_event_its_facts_and_the_time_in_utc(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "runs.log")
    log.write("stage", stage="land", seconds=0.5)
    log.close()
    (line,) = lines(tmp_path / "runs.log")
    assert (line["event"], line["stage"], line["seconds"]) == ("stage", "land", 0.5)
    assert str(line["at"]).endswith("+00:00")


def test_a_later_run_adds_its_lines_below(tmp_path: Path) -> None:
    for name in ("first", "second"):
        log = RunLog(tmp_path / "runs.log")
        log.write(name)
        log.close()
    assert [line["event"] for line in lines(tmp_path / "runs.log")] == ["first", "second"]


def test_a_full_log_makes_room_and_one_older_file_is_kept(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(run_log, "_LARGEST_BYTES", 300)
    log = RunLog(tmp_path / "runs.log")
    for number in range(50):
        log.write("stage", number=number)
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs.log", "runs.log.1"]
    kept = lines(tmp_path / "runs.log.1") + lines(tmp_path / "runs.log")
    assert kept[-1]["number"] == 49
    assert all(path.stat().st_size <= 300 for path in tmp_path.iterdir())


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "runs.log").mkdir()
    log = RunLog(tmp_path / "runs.log")
    log.write("stage", stage="land")
    log.close()
