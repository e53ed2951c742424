"""Small files that would take a reader's time or memory: each ends soon, and the others load."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.captures import TITLES, api_page, write

MEMORY = 1_500_000_000


def paper(**fields: object) -> bytes:
    return json.dumps([{"paper": {"id": "2506.01234", "title": "A", **fields}}]).encode()


def namespaces() -> bytes:
    declared = " ".join(f'xmlns:n{number}="{"u" * 14_000}{number}"' for number in range(99))
    entries = "<entry><id>x</id></entry>" * 2_000
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {declared}>{entries}</feed>'.encode()


HOSTILE = {
    "blanks in UTF-16, packed": lambda: gzip.compress(b"\xff\xfe" + b" \x00" * 400_000),
    "quoted authors": lambda: paper(authors="[" + "'A'," * 75_000 + "'"),
    "authors of half quotes": lambda: paper(authors="[" + "'\\" * 150_000 + "]"),
    "backslashes": lambda: b"Daily Papers\n[x](https://a.b)\n" + b"\\" * 150_000,
    "suffixes": lambda: paper(authors="A" + ",Jr" * 100_000),
    "empty gzip files": lambda: gzip.compress(b"") * 600_000,
    "a gzip bomb": lambda: gzip.compress(b" " * 200_000_000),
    "entries as Python writes them": lambda: str([{"paper": {"id": "x"}}] * 50_000).encode(),
    "quotes that Python escapes": lambda: b"[{'a': '" + b"\\'" * 15_000_000 + b"'}]",
    "namespaces of many bytes": namespaces,
    "empty lists": lambda: b"[" + b"[]," * 5_000_000 + b"[]]",
    "short authors": lambda: paper(authors=["A"] * 12_000_000),
    "deep lists": lambda: b"[" * 900_000,
    "open quotes": lambda: b'{"a": "' + b"\\" * 300_001,
    "blank lines": lambda: b"Daily Papers\n" + b"\n" * 1_000_000 + b"x",
    "bars": lambda: b"<rss><channel><item><description>" + b" " * 500_000 + b"</description>",
    "a topic named all the time": lambda: json.dumps(
        [
            {"paper": {"id": f"2506.0{n}", "title": f"A {n}", "summary": "world models " * 3_800}}
            for n in range(1_000, 1_020)
        ]
    ).encode(),
    "fields of many names": lambda: paper(**{f"k{n}": 1 for n in range(1_000_000)}),
    "a number of digits": lambda: b"9" * 1_000_000,
}
PARTS = 4
"""Runs, of which each takes as many of these files."""
RUN = """
import resource, sys
MEMORY = int(sys.argv.pop())
from flows.cli.main import run
code = run(sys.argv[1:])
used = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sys.exit(code if used < MEMORY else f"it took {used} bytes")
"""


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_files_end_soon_within_bounded_memory_and_stop_no_other(
    tmp_path: Path, part: int
) -> None:
    names = list(HOSTILE)[part::PARTS]
    for name in names:
        write(tmp_path / "in" / name, HOSTILE[name]())
    write(tmp_path / "in" / "sound.json", api_page())
    home, given = str(tmp_path / "home"), str(tmp_path / "in")
    ended = subprocess.run(
        [sys.executable, "-c", RUN, "--home", home, "ingest", "--json", given, str(MEMORY)],
        capture_output=True,
        text=True,
        timeout=90,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert ended.returncode == 1, ended.stderr
    report = json.loads(ended.stdout)
    assert report["captures"]["seen"] == len(names) + 1
    assert report["papers"]["total"] >= len(TITLES[:3])
    assert report["published"]
