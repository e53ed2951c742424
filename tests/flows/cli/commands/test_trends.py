"""What ``trends`` says where there is nothing to compare."""

from pathlib import Path

import pytest

from tests.flows.captures import Bench, api_body, api_entry


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_a_plot_goes_neither_into_the_home_nor_over_a_file_that_is_there(bench: Bench) -> None:
    mine = bench.inbox / "mine.svg"
    bench.put(b"mine", mine.name)
    inside = bench.home / "drawn.svg"
    for path, reason in ((mine, "is there"), (inside, "lies in the home folder")):
        ending = bench.run("trends", "--plot", path)
        assert ending.code == 2
        assert reason in ending.err
    assert mine.read_bytes() == b"mine"
    assert bench.run("trends", "--papers", "--plot", bench.inbox / "new.svg").code == 2


def test_papers_without_a_topic_are_told_from_no_papers(bench: Bench) -> None:
    untold = {"title": "A Modest Study of Small Mirrors", "summary": "They are small."}
    entries = [api_entry(number, paper={**untold, "id": f"2506.1000{number}"}) for number in (1, 2)]
    bench.put(api_body(entries))
    assert bench.ingest(bench.inbox).code == 0
    assert bench.run("trends").out == (
        "nothing to compare: of 2 papers in daily lists, none has a topic\n"
    )
    topic = bench.rows("select min(topic_id) from core.topic")[0][0]
    assert bench.run("trends", "--topic", topic).out == (
        f"nothing to compare: of 2 papers in daily lists, none has the topic {topic}\n"
    )
    assert bench.run("trends", "--feed", "arxiv-new").out == (
        "nothing to compare: no daily list with papers is loaded, or was known by then\n"
    )
