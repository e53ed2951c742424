"""The queries of the READMEs with their answers, and what rises; ``python -m
tests.flows.demo.answers HOME`` writes them anew from a demonstration of ``AS_OF`` in that home.
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

_RISING = re.compile(r"(?<=```\n)hf-daily, by week:[^`]*\n(?=```)")


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
        lines = _beside_each_other(rows_of(ask(found["query"])))
        return f"```sql\n{found['query']}\n```\n\n```\n" + "\n".join(lines) + "\n```"

    return _ASKED.sub(answer, text)


def write_rising(text: str, printed: str) -> str:
    """Return the text with what ``paperstrata trends`` writes into a pipe, without its papers."""
    lines = [line for line in printed.splitlines() if not line.startswith("    ")]
    table = [line.split("\t") for line in lines if "\t" in line]
    head, *rest = (line for line in lines if "\t" not in line)
    rising = "\n".join([head, *_beside_each_other(table), *rest]) + "\n"
    return _RISING.sub(lambda _: rising, text)


def _beside_each_other(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _ask(home: str, *asked: str) -> str:
    printed = StringIO()
    with redirect_stdout(printed):
        code = run(["--home", home, *asked])
    if code:
        raise SystemExit(f"no answer: {asked}")
    return printed.getvalue()


if __name__ == "__main__":
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        written = write_answers(text, lambda query: _ask(sys.argv[1], "sql", query))
        written = write_rising(written, _ask(sys.argv[1], "trends"))
        readme.write_text(written, encoding="utf-8")
