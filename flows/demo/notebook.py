"""A worked example for a notebook: what is rising, in marimo."""

from importlib.resources import files
from pathlib import Path

from warehouse.files import write_durably


def write_notebook(file: Path, warehouse: Path) -> None:
    """Write the notebook, which reads one warehouse, in the place of a file of that name: another
    name of the same file keeps what it had.
    """
    text = (files("flows.demo") / "notebook.txt").read_text(encoding="utf-8")
    body = text.replace("{warehouse}", repr(str(warehouse)))
    write_durably(file, body.encode())
