"""Questions to the published file, of several threads of one process."""

from pathlib import Path

import duckdb
import pytest

from warehouse.connection import open_published
from warehouse.empty import empty_warehouse

pytestmark = pytest.mark.slow


def test_a_question_is_answered_while_another_of_the_same_process_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    file.write_bytes(empty_warehouse())
    other = tmp_path / "other.txt"
    other.write_text("secret", encoding="utf-8")
    with open_published(file, "600MB"):
        for search_path in ("mart,core", "core"):
            with open_published(file, "600MB", search_path=search_path) as second:
                assert second.execute("select count(*) from paper").fetchall() == [(0,)]
                with pytest.raises(duckdb.PermissionException):
                    second.execute(f"from read_text('{other}')")
                with pytest.raises(duckdb.InvalidInputException):
                    second.execute("set enable_external_access = true")
                with pytest.raises(duckdb.InvalidInputException):
                    second.execute("create table core.mine (a int)")
