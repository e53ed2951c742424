"""Processes as they run: closed streams, ASCII, signals, and queries that are stopped."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from flows.stopped import is_stop
from tests.flows.captures import Bench, api_body, api_entry, api_page, write

pytestmark = pytest.mark.slow
_CHECKOUT = Path(__file__).parents[3]
HEAVY = "select sum(a.range * b.range % 7) from range(10000000) a, range(1000000) b"
LONG = "select * from range(2000000000)"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a home with a paper whose title steers a terminal."""
    folder = tmp_path_factory.mktemp("streams")
    with pytest.MonkeyPatch.context() as patch:
        bench = Bench(folder, patch)
        title = "Évil \x1b]0;owned\x07 \u202etext"
        bench.put(api_body([api_entry(0, paper={"title": title}, title=title), api_entry(1)]))
        assert bench.ingest().code == 0
        yield bench.home


def begin(home: Path, *arguments: str, **options: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "flows.cli", "--home", str(home), *arguments]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(command, text=True, **streams)


def run(home: Path, *arguments: str, **options: Any) -> tuple[int, str, str]:
    process = begin(home, *arguments, **options)
    out, err = process.communicate(timeout=60)
    return process.returncode, out or "", err or ""


TITLES = "select title from core.paper order by 1"


@pytest.mark.parametrize("form", ["table", "json", "ndjson"])
def test_no_title_steers_the_terminal(home: Path, form: str) -> None:
    code, out, _ = run(home, "sql", TITLES, "--format", form)
    assert code == 0
    assert not any(character in out for character in "\x1b\x07\u202e")


def test_a_terminal_that_knows_ascii_alone_shows_the_rest_as_escapes(home: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    code, out, err = run(home, "sql", TITLES, env=environment)
    assert (code, err) == (0, "")
    assert "\\xc9vil" in out


def test_a_closed_standard_output_is_no_error(home: Path) -> None:
    shell = f'{sys.executable} -m flows.cli --home {home} sql "{TITLES}" >&-'
    ended = subprocess.run(["sh", "-c", shell], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_closed_standard_input_holds_nothing(home: Path) -> None:
    for verb in ("mcp", "sql -"):
        shell = f"{sys.executable} -m flows.cli --home {home} {verb} <&-"
        ended = subprocess.run(["sh", "-c", shell], capture_output=True, text=True)
        assert ended.returncode in (0, 2), ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_output_that_cannot_be_written_is_one_line(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        code, _, err = run(home, "sql", TITLES, stdout=full)
    assert code == 1
    assert err == "paperstrata: standard output: No space left on device\n"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("query", [HEAVY, LONG], ids=["computing", "fetching"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_query_is_stopped_at_once(home: Path, query: str, number: signal.Signals) -> None:
    process = begin(home, "sql", query, stdout=subprocess.DEVNULL)
    time.sleep(2)
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert err.strip().splitlines()[-1] == "paperstrata: stopped"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("query", [HEAVY, LONG], ids=["computing", "fetching"])
def test_a_query_has_a_limit_of_time(home: Path, query: str) -> None:
    code, _, err = run(home, "sql", query, "--timeout", "0.5", stdout=subprocess.DEVNULL)
    assert code == 2
    assert err == "paperstrata: stopped after 0.5 seconds (--timeout)\n"


def test_a_query_has_a_limit_of_memory(home: Path) -> None:
    code, _, err = run(home, "sql", "select list(range) from range(500000000)")
    assert code == 2
    assert "duckdb_memory of settings.toml" in err


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not bound a process")
def test_an_answer_in_parquet_is_written_in_bounded_memory_or_not_at_all(
    home: Path, tmp_path: Path
) -> None:
    write(tmp_path / "config" / "settings.toml", 'duckdb_memory = "250MB"')
    environment = {**os.environ, "PAPERSTRATA_CONFIG": str(tmp_path / "config")}
    output = tmp_path / "out" / "answer.parquet"
    output.parent.mkdir()
    # 900 MB of text; then values of 1 MB each, of which one batch is too much
    texts = "select range, repeat(chr((65 + range % 26)::integer), 300) || range as text"
    for query, rows in (
        (f"{texts} from range(3000000)", 3_000_000),
        ("select repeat('x', 1000000) as text from range(2000)", 3_000_000),
    ):
        code, _, err = run(home, "sql", query, "--output", str(output), "--force", env=environment)
        assert (code, err) == (0, "") or (code == 2 and "duckdb_memory of settings.toml" in err)
        assert pq.read_metadata(output).num_rows == rows
        assert [path.name for path in output.parent.iterdir()] == [output.name]
    assert code == 2


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_stopped_says_so_on_record_and_the_next_goes_on(
    tmp_path: Path, number: signal.Signals
) -> None:
    for day in range(1, 29):
        date = f"2025-06-{day:02}"
        write(tmp_path / "in" / f"{date}.json", api_page(400, date))
    home = tmp_path / "home"
    command = ("ingest", str(tmp_path / "in"), "--layout", "{feed_date}.json")
    process = begin(home, *command)
    while not (home / "runs.log").exists():
        time.sleep(0.02)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    *_, kept, how, stopped = err.strip().splitlines()
    assert "nothing is published yet" in kept
    assert how.startswith("paperstrata: to go on: ")
    assert how.endswith(f"ingest {tmp_path / 'in'} --layout '{{feed_date}}.json'")
    assert stopped == "paperstrata: stopped"
    lines = (home / "journal" / "run.ndjson").read_text().splitlines()
    assert json.loads(lines[-1])["state"] == "failed"
    assert json.loads(lines[-1])["reason"] == f"stopped by {number.name}"
    assert not list(home.glob("work/*"))
    code, _, _ = run(home, *command)
    assert code == 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize("stage", ["land", "marts", "check"])
def test_a_run_that_is_stopped_again_and_again_leaves_one_record_and_a_whole_publication(
    home: Path, tmp_path: Path, stage: str
) -> None:
    own = tmp_path / "home"
    shutil.copytree(home, own)
    for day in range(1, 15):
        write(tmp_path / "in" / f"2025-06-{day:02}.json", api_page(50, f"2025-06-{day:02}"))
    captures = _captures(own)
    log, records = own / "runs.log", own / "journal" / "run.ndjson"
    before = len(records.read_text().splitlines())
    log.write_text("")
    process = begin(own, "ingest", str(tmp_path / "in"), "--layout", "{feed_date}.json")
    while f'"stage": "{stage}"' not in log.read_text() and process.poll() is None:
        time.sleep(0.005)
    for number in cycle((signal.SIGTERM, signal.SIGINT, signal.SIGHUP)):
        if process.poll() is not None:
            break
        process.send_signal(number)
        time.sleep(0.003)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert "KeyboardInterrupt" not in err
    assert process.returncode in {128 + number for number in signal.Signals} | {0}
    (record,) = [json.loads(line) for line in records.read_text().splitlines()[before:]]
    state, is_new = record["state"], _captures(own) > captures
    assert (state, _captures(own)) in {("failed", captures), ("published", captures + 14)}
    with duckdb.connect(str(own / "warehouse.duckdb"), read_only=True) as connection:
        published = connection.execute("select run_id from ops.publication").fetchall()
    assert ((record["run_id"],) in published) == is_new
    assert not list(own.glob("work/*"))


def _captures(home: Path) -> int:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        ((count,),) = connection.execute("select count(*) from raw.capture").fetchall()
    return int(count)


@pytest.mark.parametrize("command", [("sql", "select 1"), ("rebuild",)])
def test_output_replaces_no_file_of_others_unless_it_is_forced(
    home: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    thesis = write(tmp_path / "thesis.txt", "three years of work")
    code, _, err = run(home, *command, "--output", str(thesis))
    assert (code, thesis.read_text()) == (2, "three years of work")
    assert "give --force" in err
    inside = home / "landing" / "x"
    assert run(home, *command, "--output", str(inside), "--force")[0] == 2
    assert run(home, *command, "--output", str(thesis), "--force")[0] == 0


def test_an_earlier_rebuild_beside_the_home_is_replaced(home: Path, tmp_path: Path) -> None:
    target = str(tmp_path / "past.duckdb")
    for _ in range(2):
        assert run(home, "rebuild", "--output", target)[0] == 0
    copied = write(tmp_path / "copy.duckdb", (home / "warehouse.duckdb").read_bytes())
    assert run(home, "rebuild", "--output", str(copied))[0] == 2


STOPPED = f"""
import os, signal, sys
from functools import partial
from threading import Timer
import duckdb
from flows.stopped import is_stop

def stop(number, frame):
    raise KeyboardInterrupt

signal.signal(signal.SIGUSR1, stop)
with duckdb.connect() as connection:
    Timer(0.3, partial(os.kill, os.getpid(), signal.SIGUSR1)).start()
    try:
        connection.execute("{HEAVY}")
    except (KeyboardInterrupt, RuntimeError) as error:
        cleaning = ValueError("cleaning up")
        cleaning.__context__ = error
        sys.exit(0 if is_stop(cleaning) else "not taken for a stop")
"""


def test_a_signal_while_duckdb_computes_is_a_stop_also_where_cleaning_up_fails() -> None:
    for _ in range(5):
        # where its main thread computes, DuckDB looks for no signal until a step is done: try again
        with suppress(subprocess.TimeoutExpired):
            ended = subprocess.run(
                [sys.executable, "-c", STOPPED], cwd=_CHECKOUT, timeout=10, capture_output=True
            )
            assert ended.returncode == 0, ended.stderr
            break
    else:
        pytest.skip("DuckDB saw none of five signals")
    assert not is_stop(RuntimeError("another"))


SWALLOWED = """
import signal, sys
import click
from flows.cli import main
from flows.stopped import stop

@click.command()
def swallow():
    try:
        stop(signal.SIGTERM, None)
    except KeyboardInterrupt as error:  # as DuckDB does, and then what passes errors over
        click.echo("a warning: Query interrupted")

main.cli.get_command = lambda context, name: swallow
sys.argv = ["paperstrata", "swallow"]
main.main()
"""


UNRAISABLE = """
import signal, sys, weakref
import click
from flows.cli import main
from flows.stopped import stop

class Held: pass

@click.command()
def stop_within_a_callback():
    held = Held()
    seen = weakref.ref(held, lambda _: stop(signal.SIGTERM, None))
    del held

main.cli.get_command = lambda context, name: stop_within_a_callback
sys.argv = ["paperstrata", "stop-within-a-callback"]
main.main()
"""


def test_a_stop_within_a_callback_of_python_shows_no_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", UNRAISABLE], cwd=_CHECKOUT, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (143, "paperstrata: stopped\n")


def test_a_stop_that_a_step_takes_for_an_error_of_its_own_ends_the_command_all_the_same() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SWALLOWED], cwd=_CHECKOUT, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (143, "paperstrata: stopped\n")


IMPORTED = """
import os, signal, sys

class Stop:
    def find_spec(self, name, *_):
        if name == "flows.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Stop())
from flows.cli.__main__ import main
main()
"""


def test_ctrl_c_while_the_program_is_imported_shows_no_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED], cwd=_CHECKOUT, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")


BROKEN_OFF = """
import sys
import click
from flows.cli import main

@click.command()
def stop_within_a_text():
    exec("import signal; from flows.stopped import stop; stop(signal.SIGTERM, None)")

main.cli.get_command = lambda context, name: stop_within_a_text
sys.argv = ["paperstrata", "stop-within-a-text"]
main.main()
"""


def test_a_stop_while_python_executes_a_text_ends_with_its_exit_code(tmp_path: Path) -> None:
    write(tmp_path / "broken_off.py", BROKEN_OFF)
    ended = subprocess.run(
        [sys.executable, "-m", "broken_off"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(_CHECKOUT)},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr.strip()) == (143, "paperstrata: stopped")
