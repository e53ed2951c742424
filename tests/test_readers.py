"""People query while a run publishes: they see one warehouse after another, each of them whole."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import EXAMPLES
from tests.histories import make_history
from tests.runs import ingest_files, query
from tests.written import write_captures

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0 if EXAMPLES else 300),
    pytest.mark.usefixtures("small_config"),
]

_CHECKOUT = Path(__file__).parents[1]
_RUNS = EXAMPLES or 4
_COUNTS = """
select
    (select count(*) from raw.capture) as captures,
    (select count(*) from raw.entry) as entries,
    (select count(*) from core.paper) as papers,
    (select sum(entries_accepted)::bigint from raw.capture) as accepted,
    (select count(*) from raw.entry anti join core.paper_alias on alias_id = own_id) as nameless,
    (select count(*) from core.paper_alias anti join core.paper using (paper_id)) as lost,
    (select sum(captures)::bigint from core.paper) as seen,
    (select count(distinct (paper_id, capture_id)) from core.entry) as really_seen,
    (select max(captures) from ops.publication) as said
"""
_READER = """
import json, sys, time
from pathlib import Path
from warehouse.connection import open_published
published, stop, query = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
while not stop.exists():
    with open_published(published) as connection:
        first = connection.execute(query).fetchone()
        # a second look through the same connection sees the same warehouse
        time.sleep(0.02)
        second = connection.execute(query).fetchone()
    print(json.dumps([first, second]), flush=True)
    time.sleep(0.2)
"""


def test_readers_never_see_an_error_or_half_a_run(tmp_path: Path) -> None:
    captures = write_captures(tmp_path / "captures", make_history(5, days=2 * _RUNS, papers=6))
    home, stop = tmp_path / "home", tmp_path / "stop"
    share = len(captures) // _RUNS
    ingest_files(home, captures[:share])
    published = {query(home, _COUNTS)[0]}
    reader = [sys.executable, "-c", _READER, str(home / "warehouse.duckdb"), str(stop), _COUNTS]
    readers = [
        subprocess.Popen(
            reader, cwd=_CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    heard = [process.stdout.readline() for process in readers if process.stdout]
    for number in range(1, _RUNS):
        ingest_files(home, captures[number * share : (number + 1) * share])
        published.add(query(home, _COUNTS)[0])
    time.sleep(0.3)
    stop.touch()
    assert len(published) == _RUNS
    for process, first_line in zip(readers, heard, strict=True):
        assert process.stdout and process.stderr
        # communicate() would pass over what was read ahead of the first line
        answers, errors = process.stdout.read(), process.stderr.read()
        assert (process.wait(), errors) == (0, "")
        pairs = [json.loads(line) for line in [first_line, *answers.splitlines()]]
        assert all(first == second for first, second in pairs)
        seen = [tuple(first) for first, _ in pairs]
        assert set(seen) <= published
        assert seen == sorted(seen), "a reader went back in time"
        assert len(set(seen)) > 1
    for captured, entries, _, accepted, nameless, lost, seen_in, really_seen, said in published:
        assert (entries, seen_in, said) == (accepted, really_seen, captured)
        assert (nameless, lost) == (0, 0)


def test_the_sql_verb_answers_during_a_whole_ingest(tmp_path: Path) -> None:
    captures = write_captures(tmp_path / "captures", make_history(6, days=4, papers=6))
    home = tmp_path / "home"
    ingest_files(home, captures[:2])
    ask = "select count(*) as captures from raw.capture"
    published = {query(home, ask)[0][0]}
    for number in range(2, len(captures), 4):
        command = [
            sys.executable,
            "-m",
            "flows.cli.main",
            "--home",
            str(home),
            "sql",
            ask,
            "--json",
        ]
        asking = subprocess.Popen(command, cwd=_CHECKOUT, stdout=subprocess.PIPE, text=True)
        ingest_files(home, captures[number : number + 4])
        published.add(query(home, ask)[0][0])
        answer, _ = asking.communicate()
        assert asking.returncode == 0
        assert json.loads(answer)[0]["captures"] in published
