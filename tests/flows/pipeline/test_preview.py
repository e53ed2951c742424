"""How files would be read, and which layout would take a date from their path."""

from pathlib import Path

import pytest

from flows.pipeline.preview import suggest_layout
from tests.flows.captures import Bench, api_body, api_entry


@pytest.mark.parametrize(
    "path, layout",
    [
        ("a/2025-06-20.jsonl", "{feed_date}.jsonl"),
        ("a/hf_20250620.json.gz", "hf_{feed_date}.json.gz"),
        ("a/2025-06-20/20250621T010000Z.json", "{feed_date}/{captured_at}.json"),
        ("a/2025-06-20/2025-06-21T01-00-00Z.json", "{feed_date}/{captured_at}.json"),
        ("a/2025-06-20/page1.json", "{feed_date}/{_}.json"),
        ("/2025-06-20.json", "{feed_date}.json"),
        ("a/20250620T010000Z.json", None),
        ("a/b.json", None),
        ("a/2025-13-45.json", None),
        ("a/123456789.json", None),
        ("a/{x}-2025-06-20.json", None),
    ],
)
def test_a_layout_takes_the_date_of_a_path(path: str, layout: str | None) -> None:
    assert suggest_layout(Path(path)) == layout


def test_a_dry_run_says_how_files_would_be_read_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    undated = api_entry(paper={"submittedOnDailyAt": None})
    bench.put(api_body([undated, {**undated, "paper": {}}]), "a/hf_2025-06-20.json")
    bench.put("no capture", "a/readme.txt")
    ending = bench.run("ingest", bench.inbox, "--dry-run", "--feed", "hf-daily")
    assert (ending.code, ending.err) == (0, "")
    lines = ending.out.splitlines()
    assert lines[0].startswith(
        f"held {bench.inbox}/a/hf_2025-06-20.json: hf-daily of no stated day"
    )
    assert lines[1].startswith(f"refused {bench.inbox}/a/readme.txt: no known format")
    assert lines[2] == "2 files: 1 held, 1 refused; nothing was loaded"
    told = f"ingest {bench.inbox} --feed hf-daily --layout 'hf_{{feed_date}}.json' --dry-run"
    assert lines[-1].strip() == f"paperstrata {told}"
    report = bench.run(
        "ingest", bench.inbox, "--dry-run", "--layout", "hf_{feed_date}.json", "--json"
    ).report
    assert [one["result"] for one in report["files"]] == ["new", "refused"]
    assert report["files"][0] | {"path": ""} == {
        "path": "",
        "result": "new",
        "feed_id": "hf-daily",
        "feed_date": "2025-06-20",
        "captured_at": None,
        "format": "hf_api",
        "entries": 2,
        "rejected": 1,
        "reason": None,
        "layout_fits": True,
        "hint": None,
    }
    assert [one["layout_fits"] for one in report["files"]] == [True, False]
    bench.put(api_body([undated, {**undated, "paper": {}}]), "b/hf_2025-06-20.json")
    layout = ("--layout", "hf_{feed_date}.json", "--captured-at", "2025-06-21T01:00Z")
    report = bench.run("ingest", bench.inbox, "--dry-run", *layout, "--json").report
    assert [one["result"] for one in report["files"]] == ["new", "refused", "duplicate"]
    assert not bench.home.exists()
