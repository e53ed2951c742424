"""The journal: its records, also where a line was damaged."""

from pathlib import Path

import pytest

from flows.cli.main import run
from warehouse.connection import open_published
from warehouse.journal import Journal


@pytest.mark.parametrize(
    "damage", [b'{"run_id": "3', b'{"run_id": "\xff"}\n', b"\x00\x00\n", b"[1]\n"]
)
def test_a_damaged_line_hides_no_other(tmp_path: Path, damage: bytes) -> None:
    journal = Journal(tmp_path)
    journal.append("run", [{"run_id": "1"}, {"run_id": "2"}])
    with (tmp_path / "run.ndjson").open("ab") as file:
        file.write(damage)
    journal.append("run", [{"run_id": "4"}])
    assert [record["run_id"] for record in journal.read("run")] == ["1", "2", "4"]


def test_a_damaged_line_stops_no_publication(tmp_path: Path) -> None:
    home = ["--home", str(tmp_path)]
    assert run([*home, "demo"]) == 0
    for kind in ("run", "check_result", "publication", "trend_said", "first_publication"):
        with (tmp_path / "journal" / f"{kind}.ndjson").open("ab") as file:
            file.write(b'{"run_id": "\xff"}\n{"run_id": "4')
    assert run([*home, "rejects", "replay"]) == 0
    with open_published(tmp_path / "warehouse.duckdb") as connection:
        assert connection.execute("select count(*) from ops.publication").fetchall() == [(2,)]
    assert run([*home, "rebuild"]) == 0
