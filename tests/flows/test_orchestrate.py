"""The same runs as Prefect flows: with a temporary server, which takes its time."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from flows.demo.synthetic import SampleSize, write_sample
from tests.runs import digests_of, query

# a server takes a minute to start where the machine is busy
pytestmark = pytest.mark.timeout(600)


@pytest.mark.slow
def test_an_orchestrated_run_gives_the_same_records_and_warehouse(tmp_path: Path) -> None:
    write_sample(tmp_path / "captures", SampleSize(days=5, dirt=False))
    digests = []
    for name, flags in (("direct", []), ("flow", ["--prefect"])):
        home = ["--home", str(tmp_path / name)]
        layout = ["--layout", "{feed_date}/{captured_at}.json", "--json"]
        ingested = paperstrata(
            tmp_path, *home, "ingest", str(tmp_path / "captures"), *layout, *flags
        )
        assert json.loads(ingested.stdout)["captures"]["loaded"] == 10
        assert "leaked" not in ingested.stderr
        digests.append(digests_of(tmp_path / name))
        runs = query(tmp_path / name, "select orchestrated, state from ops.run")
        assert runs == [(name == "flow", "published")]
    assert digests[0] == digests[1]


@pytest.mark.slow
def test_an_api_that_cannot_be_reached_is_exit_code_3(tmp_path: Path) -> None:
    ended = ingest_by(tmp_path, "http://127.0.0.1:9/api", code=3)
    assert "cannot be reached" in ended.stderr


@pytest.mark.slow
def test_an_api_that_never_answers_is_asked_twice_and_is_exit_code_3(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        ended = ingest_by(tmp_path, f"http://127.0.0.1:{hanging.getsockname()[1]}/api", code=3)
        assert "cannot be reached: timed out" in ended.stderr
        hanging.settimeout(0.1)
        hanging.accept()
        hanging.accept()
        with pytest.raises(TimeoutError):
            hanging.accept()


@pytest.mark.slow
def test_a_setting_that_prefect_refuses_is_named_and_its_value_is_not_shown(tmp_path: Path) -> None:
    ended = ingest_by(tmp_path, "http://me:secret@[::1", code=2)
    told = "paperstrata: Prefect cannot use PREFECT_API_URL: Value error, Invalid IPv6 URL\n"
    assert ended.stderr == f"a new home begins in {tmp_path / 'home'}\n{told}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREFECT_LOGGING_LEVEL", "loud"),
        ("PREFECT_CLIENT_CUSTOM_HEADERS", "{"),
        ("PREFECT_CLIENT_MAX_RETRIES", "-1"),
        ("PREFECT_LOGGING_TO_API_BATCH_SIZE", "5"),
        ("PREFECT_TASKS_DEFAULT_RETRY_DELAY_SECONDS", "\udc80"),
    ],
)
def test_each_variable_that_prefect_refuses_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    from flows.orchestrate.environment import explain

    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv(name, value)
    before = dict(os.environ)
    assert explain(ValueError("unknown")).startswith(f"Prefect cannot use {name}: ")
    assert dict(os.environ) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "profiles",
    [
        b"\xff",
        b"active = 5\nprofiles = 3",
        b'active = "a"\n[profiles.a]\nPREFECT_TASKS_DEFAULT_RETRIES = "x"',
    ],
)
def test_files_of_settings_that_prefect_refuses_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profiles: bytes
) -> None:
    from flows.orchestrate.environment import explain

    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert explain(ValueError("unknown")).startswith("Prefect cannot use its settings together")
    (tmp_path / "profiles.toml").write_bytes(profiles)
    told = explain(ValueError("unknown"))
    assert told.startswith("Prefect cannot use its settings (PREFECT_HOME, its profiles.toml, or ")


@pytest.mark.slow
def test_work_is_done_once_however_often_prefect_tries() -> None:
    from flows.orchestrate.server import Attempt

    done = []
    attempt = Attempt(lambda: done.append(1))
    assert [attempt(), attempt()] == [None, None]
    failing = Attempt(lambda: done[1])
    for _ in range(2):
        with pytest.raises(IndexError):
            failing()
    assert (done, failing.results) == ([1], [])


def paperstrata(
    folder: Path, *arguments: str, code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PREFECT_HOME": str(folder / "prefect"), **environment},
    )
    assert ended.returncode == code, ended.stderr
    return ended


def ingest_by(folder: Path, address: str, *, code: int) -> subprocess.CompletedProcess[str]:
    """Ingest an empty list by a Prefect API of an address."""
    file, home = folder / "a.json", folder / "home"
    file.write_text("[]")
    command = ("--home", str(home), "ingest", str(file))
    return paperstrata(folder, *command, PREFECT_API_URL=address, code=code)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def prefect_server(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Yield a running server and its API address."""
    port = free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    environment = {**os.environ, "PREFECT_HOME": str(folder / "server"), "DO_NOT_TRACK": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environment, start_new_session=True, **quiet)
    try:
        address = f"http://127.0.0.1:{port}/api"
        for _ in range(2_000):
            with suppress(OSError), urlopen(f"{address}/health"):
                break
            assert process.poll() is None, "the server has ended"
            time.sleep(0.1)
        yield process, address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
def test_a_server_that_is_lost_amid_a_run_is_exit_code_3_and_the_run_has_published(
    tmp_path: Path,
) -> None:
    write_sample(tmp_path / "captures", SampleSize(days=12, dirt=False))
    home = tmp_path / "home"
    layout = ["--layout", "{feed_date}/{captured_at}.json"]
    command = ["--home", str(home), "ingest", str(tmp_path / "captures"), *layout]
    with prefect_server(tmp_path) as (server, address):
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PREFECT_HOME": str(tmp_path / "prefect"),
                "PREFECT_API_URL": address,
                # ours are three, with pauses that double: here it is lost for good
                "PREFECT_CLIENT_MAX_RETRIES": "1",
            },
        )
        while not (home / "runs.log").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        os.killpg(server.pid, signal.SIGKILL)
        out, err = process.communicate()
    assert process.returncode == 3, err
    assert "published in" in out
    assert "Prefect's server was lost during the run" in err
    assert "Traceback" not in err, err


ASKED_WHEN_LOST = """
from flows.orchestrate.server import Server
from prefect.client.orchestration import get_client
Server.lose(OSError("gone"))
with get_client(sync_client=True) as client:
    print(type(client.api_healthcheck()).__name__)
"""


@pytest.mark.slow
def test_a_server_that_was_lost_and_hangs_is_asked_once_and_briefly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        address = f"http://127.0.0.1:{hanging.getsockname()[1]}/api"
        environment = {
            **os.environ,
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_API_URL": address,
        }
        asked = subprocess.run(
            [sys.executable, "-c", ASKED_WHEN_LOST],
            capture_output=True,
            text=True,
            env=environment,
            timeout=100,
        )
        assert asked.stdout == "ReadTimeout\n", asked.stderr
        hanging.settimeout(0.1)
        hanging.accept()
        with pytest.raises(TimeoutError):
            hanging.accept()


@pytest.mark.slow
def test_a_process_that_has_ended_is_told_from_one_that_lives() -> None:
    from flows.orchestrate.killed_runs import is_gone, name_process

    own = name_process(os.getpid())
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    named = name_process(child.pid)
    assert not is_gone(own)
    assert not is_gone(named)
    child.communicate(b"\n")
    assert is_gone(named)
    if not own.endswith("@-"):
        assert is_gone(f"{os.getpid()}@1"), "the number is that of another process now"
    assert not is_gone("of another program"), "nothing is known of it"


@pytest.mark.slow
def test_a_run_that_was_killed_is_ended_as_crashed_by_the_next_one_which_says_what_it_did(
    tmp_path: Path,
) -> None:
    write_sample(tmp_path / "captures", SampleSize(days=12, dirt=False))
    home = tmp_path / "home"
    command = ["--home", str(home), "ingest", str(tmp_path / "captures")]
    command += ["--layout", "{feed_date}/{captured_at}.json", "--prefect"]
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path / "prefect")}
    killed = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    while not (home / "runs.log").exists():
        assert killed.poll() is None
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    paperstrata(tmp_path, *command)
    code = (
        "from prefect.client.orchestration import get_client\n"
        "with get_client(sync_client=True) as client:\n"
        "    runs = client.read_flow_runs()\n"
        "    print(sorted(run.state.name for run in runs))\n"
        "    print([run.name[16:] for run in runs])\n"
        "    print([log.message for log in client.read_logs() if 'captures' in log.message])\n"
        "    print([one.data for one in client.read_artifacts() if one.key == 'report'])\n"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    states, names, logged, artifacts = asked.stdout.splitlines()
    assert states == "['Completed', 'Crashed']", asked.stderr
    assert names == "[' ingest', ' ingest']"
    assert "captures: 24 seen" in logged
    assert "### Missing days" in artifacts
    assert "### Rising" in artifacts
