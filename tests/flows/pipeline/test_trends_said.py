"""What each publication was the first to say: papers that are new since an instant."""

import shutil
from pathlib import Path

import pytest

from tests.flows.captures import DAY, LOOK_TIME, TITLES, Bench, api_body, api_entry, search_text


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a home whose first publication has two papers of a search page, its second a list."""
    made = Bench(tmp_path, monkeypatch)
    page = made.put(search_text([0, 1]), "page.txt")
    assert made.ingest(page, layout=None).code == 0
    made.put(api_body([api_entry(1), api_entry(2)]), f"here/{DAY}/{LOOK_TIME}.json")
    assert made.ingest().code == 0
    return made


_NEW = """
select title from mart.new_since((select min(published_at) from ops.publication)) order by title
"""


@pytest.mark.slow
def test_new_is_what_no_publication_before_held_under_whatever_id(bench: Bench) -> None:
    # the second paper had no id in the first publication: it is the same paper, and not new
    assert bench.rows(_NEW) == [(TITLES[2],)]
    assert bench.rows("select count(*) from mart.new_since(timestamp '2000-01-01')") == [(3,)]
    assert bench.rows("select count(*) from mart.new_since(now()::timestamp)") == [(0,)]


@pytest.mark.slow
def test_a_publication_that_brings_no_paper_changes_nothing_of_it(bench: Bench) -> None:
    before = bench.rows("from ops.first_publication order by all")
    bench.put(api_body([api_entry(1)]), f"here/{DAY}/20250622T010000Z.json")
    assert bench.ingest().code == 0
    assert bench.rows("from ops.first_publication order by all") == before


@pytest.mark.slow
def test_the_journal_alone_restores_it(bench: Bench) -> None:
    before = bench.rows("from mart.paper_publication order by all")
    assert len(before) == 3
    (bench.home / "warehouse.duckdb").unlink()
    assert bench.run("rebuild").code == 0
    assert bench.rows("from mart.paper_publication order by all") == before


@pytest.mark.slow
def test_a_journal_older_than_the_file_is_made_whole_by_the_next_run(bench: Bench) -> None:
    before = bench.rows("from ops.first_publication order by all")
    shutil.rmtree(bench.home / "journal")
    bench.put(api_body([api_entry(3)]), f"here/{DAY}/20250622T010000Z.json")
    assert bench.ingest().code == 0
    assert bench.run("rebuild").code == 0
    after = bench.rows("from ops.first_publication order by all")
    assert set(before) < set(after)
