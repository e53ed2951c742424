"""The same runs as Prefect flows: with a temporary server, which takes its time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.demo.synthetic import SampleSize, write_sample


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
        digests.append(
            json.loads(paperstrata(tmp_path, *home, "verify", "--json").stdout)["tables"]
        )
        query = "select orchestrated, state from ops.run"
        (run,) = json.loads(paperstrata(tmp_path, *home, "sql", query, "--json").stdout)
        assert run == {"orchestrated": name == "flow", "state": "published"}
    assert digests[0] == digests[1]


def test_an_api_that_cannot_be_reached_is_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    ended = paperstrata(
        tmp_path,
        *("--home", str(tmp_path / "home"), "ingest", str(tmp_path / "a.json")),
        PREFECT_API_URL="http://127.0.0.1:9/api",
        code=3,
    )
    assert "cannot be reached" in ended.stderr


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
