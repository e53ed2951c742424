"""The file that ``notebook`` writes."""

from pathlib import Path

from flows.demo.notebook import write_notebook
from tests.flows.captures import write


def test_another_name_of_the_file_that_a_notebook_replaces_keeps_what_it_had(
    tmp_path: Path,
) -> None:
    warehouse = write(tmp_path / "warehouse.duckdb", "papers")
    second_name = tmp_path / "rising.py"
    second_name.hardlink_to(warehouse)
    write_notebook(second_name, warehouse)
    assert warehouse.read_text() == "papers"
    assert str(warehouse) in second_name.read_text()
