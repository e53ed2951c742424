"""Only warehouse/ speaks SQL on the tables of the warehouse."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FLOWS = Path(__file__).parents[1] / "flows"
TABLE = re.compile(r"\b(?:raw|core|mart|ops)\.[a-z_]+")
QUERY = re.compile(r"\b(?:select|insert|delete|update|from|join|into)\b", re.IGNORECASE)
SHOWN = ("Example: paperstrata", 'sql "from')
"""Commands that are printed for a person to run."""


def queries(source: str) -> Iterator[str]:
    """Yield the texts of a module that look like SQL on a table, docstrings aside."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_query = TABLE.search(node.value) and QUERY.search(node.value)
            if is_query and id(node) not in docstrings and not any(s in node.value for s in SHOWN):
                yield node.value


@pytest.mark.parametrize("path", sorted(FLOWS.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_of_flows_asks_the_warehouse_in_sql_of_its_own(path: Path) -> None:
    assert list(queries(path.read_text(encoding="utf-8"))) == []


def test_a_query_is_told_from_a_message() -> None:
    assert list(queries('run("select 1 from raw.capture")')) == ["select 1 from raw.capture"]
    assert list(queries('say("see raw.reject and raw.issue")')) == []


TESTS = Path(__file__).parent


def imported(source: str) -> Iterator[str]:
    """Yield the modules that a module imports, and the names that it takes from packages."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: path.stem)
def test_no_test_imports_another_test(path: Path) -> None:
    tests = [
        name
        for name in imported(path.read_text(encoding="utf-8"))
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split("."))
    ]
    assert tests == []
