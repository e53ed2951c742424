"""The queries of the READMEs with their answers; ``python -m tests.flows.demo.answers HOME`` writes
the answers anew from a demonstration of ``AS_OF`` in that home.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from flows.cli.main import run

CHECKOUT = Path(__file__).parents[3]
READMES = (CHECKOUT / "README.md", CHECKOUT / "warehouse" / "README.md")
AS_OF = "2026-03-09"
_ASKED = re.compile(r"```sql\n(?P<query>[^`]*?)\n```(?:\n\n```\n(?P<answer>[^`]*?)\n```)?")


class Asked(NamedTuple):
    """A query, and the rows that the README gives as its answer; none where it gives none."""

    query: str
    rows: list[list[str]]


def read_asked(text: str) -> Iterator[Asked]:
    """Yield the queries of a README in their order."""
    for found in _ASKED.finditer(text):
        lines = (found["answer"] or "").splitlines()
        yield Asked(found["query"], [re.split(r" {2,}", line) for line in lines])


def rows_of(printed: str) -> list[list[str]]:
    """Return the rows of what ``paperstrata sql`` writes into a pipe."""
    return [line.split("\t") for line in printed.rstrip("\n").split("\n")]


def write_answers(text: str, ask: Callable[[str], str]) -> str:
    """Return the text with every answer that it gives asked anew."""

    def answer(found: re.Match[str]) -> str:
        if found["answer"] is None:
            return found[0]
        rows = rows_of(ask(found["query"]))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(map(str.ljust, row, widths)).rstrip()  # one column beside the other
            for row in rows
        ]
        return f"```sql\n{found['query']}\n```\n\n```\n" + "\n".join(lines) + "\n```"

    return _ASKED.sub(answer, text)


def _ask(home: str, query: str) -> str:
    printed = StringIO()
    with redirect_stdout(printed):
        code = run(["--home", home, "sql", query])
    if code:
        raise SystemExit(f"no answer: {query}")
    return printed.getvalue()


if __name__ == "__main__":
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        written = write_answers(text, lambda query: _ask(sys.argv[1], query))
        readme.write_text(written, encoding="utf-8")
