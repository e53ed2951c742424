"""What a run prints of many bad captures is bounded, and says how to see all."""

import shlex
from pathlib import Path

import pytest

from tests.flows.captures import DAY, LAYOUT, Bench, api_body, api_entry

MANY = 23


def test_twenty_of_many_problems_are_printed_with_the_commands_that_list_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    for number in range(MANY):
        bench.put(f"no capture {number}", f"here/{DAY}/202506{number + 1:02}T010000Z.json")
        ahead = api_body([api_entry(number)])
        bench.put(ahead, f"ahead/{DAY}/2099-01-01T0000{number:02}Z.json")
    sound = [api_entry(number) for number in range(200)]
    nameless = [api_entry(number, paper={"title": r"\emph{}"}) for number in range(MANY + 100)]
    bench.put(api_body([*sound, *nameless]), f"some/{DAY}/20250621T010000Z.json")
    ending = bench.run("ingest", bench.inbox, "--layout", LAYOUT)
    assert ending.code == 1
    lines = ending.err.splitlines()
    left = {"held": MANY - 20, "refused": MANY - 20, "rejected": MANY + 80}
    for kind, more in left.items():
        shown = [line for line in lines if line.startswith(f"{kind} ")]
        assert len(shown) == 20, kind
        [told] = [line for line in lines if line.startswith(f"{kind}: {more} more; all of them: ")]
        _, verb = told.split("paperstrata ")
        listed = bench.run(*shlex.split(verb), "--format", "ndjson")
        assert (listed.code, len(listed.out.splitlines())) == (0, more + 20), kind
    status = bench.run("status").out.splitlines()
    assert sum(line.startswith("held ") for line in status) == 20
    assert sum(line.startswith("held: 3 more; all of them: ") for line in status) == 1
