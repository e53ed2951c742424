"""Fixtures that tests of several rooms share, and how many examples hypothesis tries."""

import atexit
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.written import write_config

EXAMPLES = int(os.environ.get("PAPERSTRATA_EXAMPLES", "0"))
"""0 is the quick run, the same examples every time; a number is a longer search."""


@atexit.register
def _silence_exit() -> None:
    """Stay quiet after the summary: DuckDB's bindings would list what is alive at the end."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


# the site of every small home would cost the tests of other things half of their time
os.environ.setdefault("PAPERSTRATA_PUBLISH_SITE", "false")

# the workers of the tests have the cores already, and the homes are small
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    os.environ.setdefault("PAPERSTRATA_DUCKDB_THREADS", "1")

_CHECKOUT = Path(__file__).parents[1]

settings.register_profile(
    "quick", deadline=None, derandomize=True, print_blob=True, max_examples=50
)
settings.register_profile(
    "search",
    deadline=None,
    max_examples=max(EXAMPLES, 1),
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("search" if EXAMPLES else "quick")


@pytest.fixture(scope="module")
def small_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Let PAPERSTRATA_CONFIG name a few feeds with small limits and a small taxonomy."""
    folder = write_config(tmp_path_factory.mktemp("config"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERSTRATA_CONFIG", str(folder))
        patch.delenv("PAPERSTRATA_HOME", raising=False)
        yield folder


@pytest.fixture(scope="session")
def real_feeds() -> Path:
    """Return the folder of real captures, or skip: most machines have none."""
    folder = Path(os.environ.get("PAPERSTRATA_FEEDS", _CHECKOUT.parent / "shared" / "feeds"))
    if not folder.is_dir():
        pytest.skip(f"no real captures: PAPERSTRATA_FEEDS is not set and {folder} is not there")
    return folder


LONGEST = (
    "test_faults.py",
    "test_any_file.py",
    "test_invariants.py",
    "test_two_files.py",
    "test_year.py",
    "test_writers.py",
)
"""Files of the longest tests, which share no dear fixtures: where one came last, a worker would be
at work on it alone."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every worker begin with its part of the longest tests: each is given as many tests.

    By then, those that are not asked for are left out.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    longest = [item for item in items if item.path.name in ranks]
    longest.sort(key=lambda item: ranks[item.path.name])
    others = iter([item for item in items if item.path.name not in ranks])
    ends = [len(items) * number // workers for number in range(1, workers + 1)]
    items[:] = []
    for number, end in enumerate(ends):
        items += longest[number::workers]
        items += islice(others, max(end - len(items), 0))
    items += others
