"""Where ``notebook`` may write, and where it does not."""

from pathlib import Path

import pytest

from tests.flows.captures import Bench, api_page, write

pytestmark = pytest.mark.slow


def test_a_notebook_takes_the_place_of_nothing_that_is_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    target = tmp_path / "rising.py"
    ending = bench.run("notebook", target)
    assert (ending.code, target.exists()) == (2, False)
    bench.put(api_page())
    assert bench.ingest().code == 0
    mine = write(tmp_path / "mine.py", "mine")
    journal = bench.home / "journal" / "run.ndjson"
    before = journal.read_bytes()
    (tmp_path / "link.py").symlink_to(journal)
    nowhere = (tmp_path, tmp_path / "no" / "folder.py", Path("/dev/full"))
    inside = (journal, bench.home / "landing" / "x.py", tmp_path / "link.py")
    for refused in (*nowhere, *inside, bench.home / "warehouse.duckdb"):
        for flags in ((), ("--force",)):
            ending = bench.run("notebook", refused, *flags)
            assert (ending.code, ending.out) == (2, ""), refused
    assert journal.read_bytes() == before
    assert bench.run("notebook", mine).code == 2
    assert mine.read_text() == "mine"
    for path, flags in ((mine, ["--force"]), (target, [])):
        assert bench.run("notebook", path, *flags).code == 0
        assert str(bench.home / "warehouse.duckdb") in path.read_text()
