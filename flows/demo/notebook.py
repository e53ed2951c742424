"""A worked example for a notebook: what is rising, in marimo."""

from importlib.resources import files
from pathlib import Path


def write_notebook(file: Path, warehouse: Path) -> None:
    """Write the notebook, which reads one warehouse, over an earlier one."""
    text = (files("flows.demo") / "notebook.txt").read_text(encoding="utf-8")
    file.write_text(text.replace("{warehouse}", repr(str(warehouse))), encoding="utf-8")
