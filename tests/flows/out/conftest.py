"""A home of two publications: what the second one holds beyond the first is news."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.flows.captures import Bench, api_body, api_entry, write

HOSTILE = "=Bcc: <img src=https://evil.example/x.png> [a](javascript:b) \u202e\x1b[31m & Co"
WATCH = """
[[watch]]
id = "quiet"
name = "Quiet <gradients>"
topics = ["Gradients"]
phrases = ["Small  Mirrors"]
authors = ["Émile SÁMPLE"]
"""


class Told(NamedTuple):
    """The home, and when its first publication was made."""

    bench: Bench
    first: datetime


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    with pytest.MonkeyPatch.context() as patch:
        bench = Bench(tmp_path_factory.mktemp("told"), patch)
        write(bench.overlay / "watch.toml", WATCH)
        bench.put(api_body([api_entry(number) for number in range(4)]))
        assert bench.ingest(bench.inbox).code == 0
        bench.put(_second_list(), "here/2025-06-23/20250624T010000Z.json")
        assert bench.ingest(bench.inbox).code == 0
        times = bench.rows("select published_at from ops.publication order by 1")
    return Told(bench, times[0][0])


@pytest.fixture(autouse=True)
def of_the_home(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what a test does be done on the home and by its configuration, and no later test."""
    monkeypatch.setenv("PAPERSTRATA_CONFIG", str(told.bench.overlay))
    monkeypatch.setenv("PAPERSTRATA_HOME", str(told.bench.home))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def _second_list() -> bytes:
    listed = {"submittedOnDailyAt": "2025-06-23T04:32:59.096Z"}
    return api_body(
        [
            # retitled
            api_entry(0, paper={"title": "Sorting Stones with Recurrent Buckets"}),
            # withdrawn
            api_entry(2, paper={"withdrawnAt": "2025-06-22T10:00:00.000Z"}),
            # new: on the watch-list by its topic, by a phrase, by an author, and not at all
            api_entry(11, paper={**listed, "title": "Quiet gradients, once more"}),
            api_entry(12, paper={**listed, "title": HOSTILE, "summary": "We use small\nmirrors."}),
            api_entry(13, paper={**listed, "title": "Rain", "authors": [{"name": "Emile Sample"}]}),
            api_entry(14, paper={**listed, "summary": "We use small mirrorsmiths here."}),
        ]
    )


def copy_home(told: Told, folder: Path) -> Path:
    """Return a copy of the home, for a test that changes it."""
    import shutil

    return Path(shutil.copytree(told.bench.home, folder / "home"))
