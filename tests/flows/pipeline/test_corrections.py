"""What a person knows better: corrections as a user declares them, and what becomes of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.admin.verify import verify
from flows.pipeline.checks import check_published
from flows.workspace import Workspace
from tests.flows.captures import (
    DAY,
    LOOK_TIME,
    TITLES,
    Bench,
    api_body,
    api_entry,
    search_text,
    write,
)

FIRST, SECOND, THIRD = (f"arxiv:2506.{10_000 + number}" for number in range(3))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Make a home with one list of three papers, of which each test has a copy."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("made"), patch)
        made.put(api_body([api_entry(number) for number in range(3)]))
        assert made.ingest().code == 0
    return made


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Bench) -> Iterator[Bench]:
    """Yield a home of its own; in the end a rebuild of it gives the same."""
    bench = Bench(tmp_path, monkeypatch)
    bench.begin_like(made)
    yield bench
    assert verify(Workspace.open(bench.home)).equal


def correct(bench: Bench, **kinds: list[dict[str, Any]]) -> None:
    """Declare corrections, and run once more."""
    lines = []
    for kind, corrections in kinds.items():
        for one in corrections:
            lines.append(f"[[{kind}]]")
            lines += [f"{name} = {value!r}" for name, value in {"reason": "a test", **one}.items()]
    write(bench.overlay / "corrections.toml", "\n".join(lines))
    ending = bench.ingest()
    assert ending.code == 0, ending.err


def states(bench: Bench) -> dict[str, str]:
    return dict(bench.rows("select kind || ' ' || paper_id, state from core.correction"))


def papers(bench: Bench) -> dict[str, str]:
    return dict(bench.rows("select paper_id, title from core.paper"))


@pytest.mark.slow
def test_two_ids_of_one_paper_are_one_paper(bench: Bench) -> None:
    correct(bench, same_as=[{"paper": SECOND, "is": FIRST}])
    assert papers(bench).keys() == {FIRST, THIRD}
    assert ("same_as", "same", FIRST) in bench.rows(
        f"select rule, decision, right_id from core.match_edge where left_id = '{SECOND}'"
    )
    assert states(bench) == {f"same_as {SECOND}": "applied"}
    assert bench.rows("select papers from core.feed_day where papers > 0") == [(2,)]
    correct(bench)
    assert papers(bench).keys() == {FIRST, SECOND, THIRD}


@pytest.mark.slow
def test_a_same_as_ends_where_its_guard_does(bench: Bench) -> None:
    guarded = {"paper": SECOND, "is": FIRST, "title": TITLES[1].upper()}
    correct(bench, same_as=[guarded])
    assert SECOND not in papers(bench)
    correct(bench, same_as=[{**guarded, "title": "Another Title"}])
    assert SECOND in papers(bench)
    assert states(bench) == {f"same_as {SECOND}": "expired"}
    correct(bench, same_as=[{**guarded, "paper": "arxiv:2506.99999"}])
    assert states(bench) == {"same_as arxiv:2506.99999": "unused"}


@pytest.mark.slow
def test_namesakes_are_kept_apart(bench: Bench) -> None:
    page = bench.put(search_text([1]), "page.txt")
    assert bench.ingest(page, layout=None).code == 0
    ((alias, paper),) = bench.rows(
        "select alias_id, paper_id from core.paper_alias where alias_id like 'title:%'"
    )
    assert paper == SECOND
    correct(bench, keep_apart=[{"paper": alias, "from": SECOND}])
    assert alias in papers(bench)
    assert bench.rows("select right_id from core.match_edge where decision = 'apart'") == [
        (SECOND,)
    ]
    correct(bench)
    assert alias not in papers(bench)


@pytest.mark.slow
def test_an_override_holds_while_the_sources_say_what_it_corrects(bench: Bench) -> None:
    title = {"paper": FIRST, "field": "title", "was": TITLES[0], "value": "Quiet Gradients"}
    lab = {"paper": SECOND, "field": "organisation", "value": "Example Lab"}
    stale = {"paper": THIRD, "field": "title", "was": "Something Else", "value": "Never"}
    correct(bench, override=[title, lab, stale])
    assert papers(bench) == {FIRST: "Quiet Gradients", SECOND: TITLES[1], THIRD: TITLES[2]}
    assert bench.rows(f"select organisation from mart.paper where paper_id = '{SECOND}'") == [
        ("Example Lab",)
    ]
    # the topics follow the title, and the facts stay as they were seen
    assert bench.rows(f"select topic_id from core.paper_topic where paper_id = '{FIRST}'") == [
        ("gradients",)
    ]
    assert bench.rows("select count(*) from raw.content where title = 'Quiet Gradients'") == [(0,)]
    assert bench.rows(
        "select paper_id, field, state, observed from core.correction order by paper_id"
    ) == [
        (FIRST, "title", "applied", TITLES[0]),
        (SECOND, "organisation", "applied", None),
        (THIRD, "title", "expired", TITLES[2]),
    ]
    bench.put(
        api_body([api_entry(0, paper={"title": "Quiet Gradients"}, title="Quiet Gradients")]),
        f"here/{DAY}/20250622T010000Z.json",
    )
    assert bench.ingest().code == 0
    assert states(bench)[f"override {FIRST}"] == "needless"
    assert verify(Workspace.open(bench.home)).equal


@pytest.mark.slow
def test_of_two_overrides_of_a_field_the_one_whose_guard_holds_is_applied(bench: Bench) -> None:
    correct(
        bench,
        same_as=[{"paper": FIRST, "is": SECOND}],
        override=[
            {"paper": FIRST, "field": "title", "was": "Something Else", "value": "Never"},
            {"paper": SECOND, "field": "title", "was": TITLES[1], "value": "A Better Title"},
        ],
    )
    assert papers(bench) == {SECOND: "A Better Title", THIRD: TITLES[2]}
    assert states(bench)[f"override {FIRST}"] == "expired"


@pytest.mark.slow
def test_a_correction_that_no_run_brought_in_yet_is_told_by_verify(bench: Bench) -> None:
    correct(bench)
    changed = "[[drop]]\npaper = 'arxiv:2506.99999'\nreason = 'r'\n"
    write(bench.overlay / "corrections.toml", changed)
    ending = bench.run("verify", "--json")
    assert ending.code == 0
    assert ending.report["configuration_changed"]


@pytest.mark.slow
def test_an_expired_guard_is_a_warning_of_the_quality_report(bench: Bench) -> None:
    stale = {"paper": THIRD, "field": "title", "was": "Something Else", "value": "Never"}
    correct(bench, override=[stale])
    findings = check_published(Workspace.open(bench.home)).findings
    (found,) = [one for one in findings if one.check_id == "corrections_are_in_force"]
    assert THIRD in str(found.failing_rows)


@pytest.mark.slow
def test_a_dropped_entry_is_rejected_with_the_reason_that_was_given(bench: Bench) -> None:
    correct(bench, drop=[{"paper": SECOND, "reason": "an advertisement"}])
    assert papers(bench).keys() == {FIRST, THIRD}
    assert bench.rows("select rule, reason, value from raw.reject") == [
        ("dropped", "an advertisement", SECOND)
    ]
    assert bench.rows("select entries_accepted, entries_rejected from raw.capture") == [(2, 1)]
    assert bench.rows("select papers from core.feed_day where papers > 0") == [(2,)]
    assert states(bench) == {f"drop {SECOND}": "applied"}
    correct(bench, drop=[{"paper": SECOND, "feed": "arxiv-new"}])
    assert len(papers(bench)) == 3
    correct(bench, drop=[{"paper": SECOND, "title": TITLES[1]}])
    assert len(papers(bench)) == 2
    correct(bench, drop=[{"paper": SECOND, "title": "Another Title"}])
    assert len(papers(bench)) == 3
    assert states(bench) == {f"drop {SECOND}": "expired"}


@pytest.mark.slow
def test_an_entry_that_comes_later_is_corrected_as_well(bench: Bench) -> None:
    late = f"arxiv:2506.{10_004}"
    correct(bench, drop=[{"paper": late}], same_as=[{"paper": "arxiv:2506.10003", "is": FIRST}])
    assert set(states(bench).values()) == {"unused"}
    listed = {"submittedOnDailyAt": "2025-06-23T04:32:59.096Z"}
    entries = [api_entry(3, paper=listed), api_entry(4, paper=listed)]
    bench.put(api_body(entries), f"here/2025-06-23/{LOOK_TIME.replace('21', '24')}.json")
    assert bench.ingest().code == 0
    assert papers(bench).keys() == {FIRST, SECOND, THIRD}
    assert set(states(bench).values()) == {"applied"}
    assert verify(Workspace.open(bench.home)).equal


@pytest.mark.slow
def test_a_corrected_rule_replays_what_it_had_rejected_and_all_follows(bench: Bench) -> None:
    nameless = api_entry(3, paper={"id": None})
    bench.put(api_body([api_entry(0), api_entry(1), nameless]), f"here/{DAY}/20250622T010000Z.json")
    assert bench.ingest().code == 1
    assert bench.rows("select count(*), any_value(field) from raw.reject") == [(1, "source_id")]
    write(
        bench.overlay / "feeds.toml", "[[feed]]\nfeed_id = 'hf-daily'\nid_scheme = 'arxiv-optional'"
    )
    assert bench.ingest().code == 0
    assert bench.rows("select count(*) from raw.reject") == [(0,)]
    assert bench.rows("select papers from core.feed_day where papers > 0") == [(4,)]
    assert bench.rows("select papers from mart.feed_coverage where grain = 'week'") == [(4,)]
    assert verify(Workspace.open(bench.home)).equal


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        ("[[drop]]\npaper = 'arxiv:2506.00001'", "drop.0.reason"),
        ("[[drop]]\npaper = '2506.00001'\nreason = 'r'", "drop.0.paper"),
        ("[[drop]]\npaper = 'arxiv:2506.00001v2'\nreason = 'r'", "drop.0.paper"),
        ("[[dorp]]\npaper = 'arxiv:2506.00001'\nreason = 'r'", "dorp"),
        ("drop = 5", "[[drop]]"),
        ("[[drop]]\npaper = 'arxiv:2506.00001'\nreason = ' '", "drop.0.reason"),
        ("[[drop]]\npaper = 'arxiv:2506.00001'\nreason = 'r'\nfeed = 'hf-dialy'", "hf-dialy"),
        (
            "[[same_as]]\npaper = 'arxiv:2506.1'\nis = 'title:0123456789abcdef0123'\nreason = 'r'",
            "it takes an id",
        ),
        (
            "[[keep_apart]]\npaper = 'arxiv:2506.00001'\nfrom = 'arxiv:2506.00002'\nreason = 'r'",
            "the rules only ever join",
        ),
        (
            (
                "[[same_as]]\npaper = 'arxiv:2506.00001'\nis = 'arxiv:2506.00002'\nreason = 'r'\n"
                "[[drop]]\npaper = 'arxiv:2506.00002'\nreason = 'r'"
            ),
            "which is meant",
        ),
        (
            "[[override]]\npaper = 'arxiv:2506.00001'\nreason = 'r'\nfield = 'votes'\nvalue = 'x'",
            "override.0.field",
        ),
        (
            (
                "[[override]]\npaper = 'arxiv:2506.00001'\nreason = 'r'\n"
                "field = 'published_date'\nvalue = 'May'"
            ),
            "takes a date",
        ),
        (
            (
                "[[same_as]]\npaper = 'arxiv:2506.00001'\nis = 'arxiv:2506.00002'\nreason = 'r'\n"
                "[[same_as]]\npaper = 'arxiv:2506.00002'\nis = 'arxiv:2506.00001'\nreason = 'r'"
            ),
            "in a circle",
        ),
        (
            (
                "[[same_as]]\npaper = 'title:0123456789abcdef0123'\nis = 'arxiv:2506.00002'\n"
                "reason = 'r'\n[[keep_apart]]\npaper = 'arxiv:2506.00002'\n"
                "from = 'title:0123456789abcdef0123'\nreason = 'r'"
            ),
            "are the same by same_as",
        ),
    ],
)
def test_a_correction_that_makes_no_sense_is_named_and_nothing_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: str, named: str
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.put(api_body([api_entry(0)]))
    write(bench.overlay / "corrections.toml", declared)
    ending = bench.ingest()
    assert ending.code == 2
    assert "corrections.toml" in ending.err
    assert named in ending.err
    assert not (bench.home / "warehouse.duckdb").exists()
