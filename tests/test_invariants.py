"""The invariants of the house, each tried on generated histories and held against the oracle."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.admin.decisions import decide
from flows.admin.rebuild import build_file, rebuild
from flows.admin.verify import verify
from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.workspace import Workspace
from tests.captures import Capture, Correction, Decision, Entry, Look, judge, key_of_look
from tests.conftest import EXAMPLES
from tests.histories import TITLES, histories
from tests.oracle import Expected, expect
from tests.runs import LAYOUT, digests_of, ingest_files, query, read_names, read_tables
from tests.written import FEEDS, name_bodies, write_captures, write_corrections
from warehouse.landing_records import FAILED

pytestmark = [
    pytest.mark.usefixtures("small_config"),
    pytest.mark.timeout(0 if EXAMPLES else 300),
]
_SOME_DAY = date(2025, 6, 6)
_SOME_TIME = datetime(2025, 6, 6)  # noqa: DTZ001 - naive UTC, as everywhere
_LATER = datetime(2025, 6, 7, 12)  # noqa: DTZ001
_ENTRY = Entry("2501.00001", "Slow Mirrors Learn Faster", "We wait.", ("Ada Example",), 1)
LAYOUT_OF_REAL = "{origin}/{feed_date}/{captured_at}.json"
_JUNK = {"empty": b"", "picture": b"\x89PNG\r\n\x1a\n", "cut": b'[{"paper": {"id": "25'}


_TITLES_OF_PAPERS = "select distinct paper_id, title_key from core.entry"
_numbers = st.integers(0, 80)
_days = st.tuples(
    st.sampled_from(("hf-daily", "mirror-daily")),
    st.integers(4, 12).map(lambda day: date(2025, 6, day)),
)


def few(examples: int) -> settings:
    """Return how many examples the quick run tries; PAPERSTRATA_EXAMPLES says how many another.

    An example is a family of twelve histories, or of as many as PAPERSTRATA_FAMILY says.
    """
    return settings(max_examples=EXAMPLES or examples)


@contextmanager
def workplace() -> Iterator[Path]:
    """Yield a folder that is gone afterwards, in memory where there is one that is a folder."""
    memory = Path("/dev/shm")
    place = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="strata-", dir=place) as folder:
        yield Path(folder)


@contextmanager
def corrections_file() -> Iterator[Path]:
    """Yield the path of a corrections.toml of the configuration in use; it is gone afterwards."""
    file = Path(os.environ["PAPERSTRATA_CONFIG"]) / "corrections.toml"
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def expected_of(
    home: Path, captures: Sequence[Capture], failed: Sequence[tuple[str, date]] = ()
) -> Expected:
    looks = judge(captures, FEEDS)
    return expect(looks, FEEDS, read_names(home, looks), failed)


def land_failures(home: Path, failed: Sequence[tuple[str, date]]) -> None:
    rows = [(feed_id, day, _LATER, "an address", "no answer") for feed_id, day in failed]
    workspace = Workspace.open(home)
    workspace.begin_home()
    workspace.landing.write("failed", pl.DataFrame(rows, FAILED, orient="row"))


def assert_alike(found: Expected, expected: Expected) -> None:
    for name, rows in vars(expected).items():
        shown = getattr(found, name)
        if isinstance(rows, dict):
            keys = sorted(key for key in {*shown, *rows} if shown.get(key) != rows.get(key))
            unlike = [(key, shown.get(key), rows.get(key)) for key in keys]
            assert not unlike, f"{name}: {unlike[0]}"
        assert shown == rows, name


@pytest.mark.slow
@few(7)
@given(history=histories(), failed=st.lists(_days, max_size=3), data=st.data())
def test_any_order_batching_and_repetition_gives_what_the_oracle_says(
    history: list[Capture], failed: list[tuple[str, date]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(history))), label="order")
    cuts = sorted(data.draw(st.lists(st.sampled_from(order), max_size=3), label="cuts"))
    with workplace() as folder:
        paths = write_captures(folder / "captures", history)
        straight, backwards, pieces = folder / "straight", folder / "backwards", folder / "pieces"
        for home in (straight, backwards, pieces):
            land_failures(home, failed)
        ingest_files(straight, paths)
        assert_alike(read_tables(straight), expected_of(straight, history, failed))
        expected = digests_of(straight)

        ingest_files(backwards, paths[::-1], threads=1)
        assert digests_of(backwards) == expected

        shuffled = [paths[number] for number in order]
        for start, end in zip([0, *cuts], [*cuts, len(paths)], strict=True):
            # every batch brings the one before it once more
            ingest_files(pieces, shuffled[max(start - 1, 0) : end])
        assert digests_of(pieces) == expected
        assert verify(Workspace.open(pieces)).equal


@pytest.mark.slow
@few(4)
@given(history=histories(), junk=st.lists(st.sampled_from(sorted(_JUNK)), unique=True))
def test_nothing_is_lost_and_a_second_run_changes_nothing(
    history: list[Capture], junk: list[str]
) -> None:
    with workplace() as folder:
        paths = write_captures(folder / "captures", history)
        for name in junk:
            path = folder / "junk" / name / "hf-daily" / "here" / "2025-06-05" / "unknown.json"
            path.parent.mkdir(parents=True)
            path.write_bytes(_JUNK[name])
            paths.append(path)
        home = folder / "home"
        first = ingest_files(home, paths).counts()
        looks = judge(history, FEEDS)
        assert first["captures"] == {
            "seen": len(paths),
            "loaded": sum(not look.hold for look in looks),
            "held": sum(bool(look.hold) for look in looks),
            "unchanged": len(history) - len(looks),
            "refused": len(junk),
        }
        assert first["entries"] == _count_entries(looks)
        assert query(home, "select count(*) from raw.entry") == [(first["entries"]["accepted"],)]
        assert query(home, "select count(*) from raw.reject") == [(first["entries"]["rejected"],)]
        assert len(Workspace.open(home).landing.refused()) == len(junk)

        before = digests_of(home), (home / "warehouse.duckdb").stat()
        second = ingest_files(home, paths)
        assert not second.is_published
        assert sum(second.newly.values()) == 0
        assert second.counts()["captures"] == {
            "seen": len(paths),
            "loaded": 0,
            "held": 0,
            "unchanged": len(history),
            "refused": len(junk),
        }
        assert (digests_of(home), (home / "warehouse.duckdb").stat()) == before


def _count_entries(looks: Sequence[Look]) -> dict[str, int]:
    loaded = [look for look in looks if not look.hold]
    return {
        "seen": sum(look.entries_seen for look in looks),
        "accepted": sum(len(look.rows) for look in loaded),
        "rejected": sum(look.entries_rejected for look in loaded),
        "held": sum(look.entries_seen for look in looks if look.hold),
    }


@pytest.mark.slow
@few(3)
@given(history=histories(), number=_numbers)
def test_an_answer_as_of_an_instant_does_not_change_when_later_captures_arrive(
    history: list[Capture], number: int
) -> None:
    instants = sorted(capture.captured_at for capture in history if capture.captured_at)
    as_of = instants[number % len(instants)] if instants else _SOME_TIME
    known = [c.captured_at is not None and c.captured_at <= as_of for c in history]
    with workplace() as folder:
        home, past, again = folder / "home", folder / "past.duckdb", folder / "again.duckdb"
        paths = write_captures(folder / "captures", history)
        ingest_files(home, [path for path, was in zip(paths, known, strict=True) if was])
        build_file(Workspace.open(home), past, as_of)
        ingest_files(home, [path for path, was in zip(paths, known, strict=True) if not was])
        build_file(Workspace.open(home), again, as_of)
        assert digests_of(again) == digests_of(past)

        names = read_names(home, judge(history, FEEDS))
        looks = judge([c for c, was in zip(history, known, strict=True) if was], FEEDS)
        assert_alike(read_tables(again), expect(looks, FEEDS, names))


@pytest.mark.slow
@few(3)
@given(history=histories(), number=_numbers)
def test_after_a_retraction_the_warehouse_is_as_if_the_capture_had_never_been(
    history: list[Capture], number: int
) -> None:
    key = key_of_look(history[number % len(history)])
    is_kept = [key_of_look(capture) != key for capture in history]
    with workplace() as folder:
        paths = write_captures(folder / "captures", history)
        home, without = folder / "home", folder / "without"
        ingest_files(home, paths)
        capture_id = read_names(home, judge(history, FEEDS)).captures[key]
        assert decide(Workspace.open(home), [capture_id], "retract", "a test", "us").is_published
        ingest_files(without, [path for path, keep in zip(paths, is_kept, strict=True) if keep])
        if any(is_kept):
            found, expected = digests_of(home), digests_of(without)
            # the look itself stays on record, with the fields that it showed
            assert _without(found, "raw.capture", "raw.field_drift") == _without(
                expected, "raw.capture", "raw.field_drift"
            )
        states = dict(query(home, "select capture_id, state || ' ' || reason from raw.capture"))
        assert states[capture_id] == "held retracted: a test"


_decisions = st.tuples(
    _numbers,
    st.builds(
        Decision,
        st.sampled_from(("retract", "hold", "release", "restate")),
        st.integers(3, 12).map(lambda day: date(2025, 6, day)),
    ),
)


@pytest.mark.slow
@few(4)
@given(history=histories(), decided=st.lists(_decisions, min_size=1, max_size=3))
def test_decisions_about_captures_do_what_the_oracle_says(
    history: list[Capture], decided: list[tuple[int, Decision]]
) -> None:
    with workplace() as folder:
        home, in_force = folder / "home", {}
        ingest_files(home, write_captures(folder / "captures", history))
        names = read_names(home, judge(history, FEEDS))
        for number, decision in decided:
            key = key_of_look(history[number % len(history)])
            day = decision.feed_date if decision.kind == "restate" else None
            workspace = Workspace.open(home)
            decide(workspace, [names.captures[key]], decision.kind, "a test", "us", day)
            in_force[key] = decision
        looks = judge(history, FEEDS, in_force)
        assert_alike(read_tables(home), expect(looks, FEEDS, read_names(home, looks)))
        assert verify(Workspace.open(home)).equal


_guards = st.sampled_from((None, None, *TITLES))
_wishes = st.one_of(
    st.tuples(st.just("same_as"), _numbers, _numbers, _guards),
    st.tuples(st.just("keep_apart"), _numbers, _numbers, _guards),
    st.tuples(st.just("drop"), _numbers, st.sampled_from((None, "hf-daily")), _guards),
    st.tuples(
        st.just("override"), _numbers, st.sampled_from(("title", "published_date")), st.booleans()
    ),
)


def _correct(
    wishes: Sequence[tuple[Any, ...]], ids: Sequence[str], known: Expected
) -> list[Correction]:
    """Return the corrections that are wished for, of the ids that there are; no contradictions."""
    made: dict[tuple[Any, ...], Correction] = {}
    for kind, number, what, how in wishes:
        paper = ids[number % len(ids)]
        if kind == "drop":
            one = Correction(kind, paper, feed=what, title=how)
        elif kind == "override":
            current = known.papers.get(known.aliases[paper])
            value = "A Better Title" if what == "title" else date(2020, 2, 2)
            was = current[0 if what == "title" else -1] if current and how else None
            one = Correction(kind, paper, field=what, was=was, value=value)
        else:
            one = Correction(kind, paper, ids[what % len(ids)], title=how)
        made.setdefault((kind, paper, one.field, one.feed), one)
    made = {key: one for key, one in made.items() if _makes_sense(one)}
    same = {
        name for one in made.values() if one.kind == "same_as" for name in (one.paper, one.other)
    }
    made = {key: one for key, one in made.items() if one.kind != "drop" or one.paper not in same}
    while (contradicting := _find_contradiction(list(made.values()))) is not None:
        made = {key: one for key, one in made.items() if one is not contradicting}
    return list(made.values())


def _makes_sense(one: Correction) -> bool:
    """Tell whether a correction joins to an id, or keeps apart what a rule may join."""
    ends_at_title = str(one.other).startswith("title:")
    if one.kind == "same_as":
        return not ends_at_title
    return one.kind != "keep_apart" or ends_at_title != one.paper.startswith("title:")


def _find_contradiction(corrections: Sequence[Correction]) -> Correction | None:
    """Return a same_as that leads round in a circle, or together what another keeps apart."""
    same = {one.paper: one for one in corrections if one.kind == "same_as"}
    ends = {}
    for paper in {name for one in corrections for name in (one.paper, one.other)}:
        seen = [paper]
        while seen[-1] in same:
            seen.append(same[str(seen[-1])].other)
            if seen[-1] in seen[:-1]:
                return same[str(seen[-2])]
        ends[paper] = seen[-1]
    return next(
        (
            one
            for one in corrections
            if one.kind == "keep_apart" and ends[one.paper] == ends[one.other]
        ),
        None,
    )


@pytest.mark.slow
@few(4)
@given(
    history=histories(),
    wishes=st.lists(_wishes, min_size=1, max_size=5),
    cut=_numbers,
)
def test_corrections_do_what_the_oracle_says_and_are_gone_when_they_are(
    history: list[Capture], wishes: list[tuple[Any, ...]], cut: int
) -> None:
    with workplace() as folder, corrections_file() as file:
        home, again = folder / "home", folder / "again"
        paths = write_captures(folder / "captures", history)
        ingest_files(again, paths)
        uncorrected = digests_of(again)
        names = read_names(again, judge(history, FEEDS))
        known = expected_of(again, history)
        ids = sorted(known.aliases) or ["arxiv:2501.00001"]
        known.aliases.setdefault(ids[0], ids[0])
        corrections = _correct(wishes, ids, known)

        ingest_files(home, paths[: cut % len(paths)])
        file.write_text(write_corrections(corrections), encoding="utf-8")
        ingest_files(home, paths)
        looks = judge(history, FEEDS)
        assert_alike(read_tables(home), expect(looks, FEEDS, names, (), corrections))
        assert verify(Workspace.open(home)).equal
        # the other way round: everything was there before the corrections were
        ingest_files(again, [])
        assert digests_of(again) == digests_of(home)

        file.unlink()
        ingest_files(again, [])
        assert digests_of(again) == uncorrected


def _without(digests: dict[str, dict[str, int | str]], *names: str) -> dict[str, object]:
    return {name: digest for name, digest in digests.items() if name not in names}


@pytest.mark.slow
@few(3)
@given(history=histories(), number=_numbers)
def test_a_new_capture_never_touches_what_other_papers_have(
    history: list[Capture], number: int
) -> None:
    cut = 1 + number % (len(history) - 1)
    with workplace() as folder:
        paths = write_captures(folder / "captures", history)
        home = folder / "home"
        ingest_files(home, paths[:cut])
        before = _rows_of_papers(home)
        titles = query(home, _TITLES_OF_PAPERS)
        ingest_files(home, paths[cut:])
        after = _rows_of_papers(home)
        # a paper that was known by its title may have an id now, and be no more
        titles += query(home, _TITLES_OF_PAPERS)
        looks = judge(history[cut:], FEEDS)
        new = [row.identity for look in looks for row in look.rows]
        deleted = {own_id for look in looks for _, own_id in look.deletions}
        touched_titles = {identity.title_key for identity in new} | {
            title_key for paper_id, title_key in titles if paper_id in deleted
        }
        touched = {identity.source_id for identity in new} | {
            paper_id for paper_id, title_key in titles if title_key in touched_titles
        }
        for paper_id, rows in before.items():
            if paper_id not in touched:
                # to the letter: neither another topic, nor written anew
                assert after[paper_id] == rows


def _rows_of_papers(home: Path) -> dict[str, list[tuple[object, ...]]]:
    rows: dict[str, list[tuple[object, ...]]] = {}
    for table in ("paper", "paper_version", "paper_topic", "paper_topic_evidence"):
        sql = f"select paper_id, '{table}', to_json(t)::varchar from core.{table} as t order by all"
        for paper_id, *row in query(home, sql):
            rows.setdefault(paper_id, []).append(tuple(row))
    return rows


@pytest.mark.slow
@few(2)
@given(history=histories())
def test_a_rebuild_in_place_publishes_the_same_tables(history: list[Capture]) -> None:
    with workplace() as folder:
        home = folder / "home"
        ingest_files(home, write_captures(folder / "captures", history))
        before = digests_of(home)
        assert rebuild(Workspace.open(home)).is_published
        assert digests_of(home) == before


@pytest.mark.slow
def test_all_real_captures_give_the_same_backwards_in_two_halves(
    real_feeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAPERSTRATA_CONFIG")
    paths = sorted((real_feeds / "hf_api").rglob("*.json"))
    stated = Stated(layout=PathTemplate(LAYOUT_OF_REAL))
    straight, pieces = tmp_path / "straight", tmp_path / "pieces"
    report = ingest(Workspace.open(straight), [Inputs(tuple(paths), stated)])
    counts = report.counts()
    assert (counts["captures"]["seen"], counts["entries"]["seen"]) == (618, 8_102)
    assert counts["papers"]["total"] == 5_646
    middle = len(paths) // 2
    for half in (paths[middle:], paths[:middle]):
        ingest(Workspace.open(pieces), [Inputs(tuple(half[::-1]), stated)])
    assert digests_of(pieces) == digests_of(straight)
    assert verify(Workspace.open(pieces)).equal


@pytest.mark.slow
@few(3)
@given(data=st.data())
def test_samples_of_real_captures_give_the_same_in_any_order_and_as_of_any_instant(
    real_feeds: Path, data: st.DataObject
) -> None:
    paths = sorted((real_feeds / "hf_api").rglob("*.json"))
    chosen = data.draw(st.lists(st.sampled_from(paths), min_size=2, max_size=60, unique=True))
    cut = data.draw(st.integers(1, len(chosen) - 1))
    stated = Stated(layout=PathTemplate(LAYOUT_OF_REAL))
    instant = max(
        PathTemplate(LAYOUT_OF_REAL).read(path).captured_at or _LATER for path in chosen[:cut]
    )
    with workplace() as folder:
        straight, pieces = folder / "straight", folder / "pieces"
        ingest(Workspace.open(straight), [Inputs(tuple(chosen), stated)])
        for part in (chosen[cut:], chosen[: cut + 1][::-1]):
            ingest(Workspace.open(pieces), [Inputs(tuple(part), stated)])
        assert digests_of(pieces) == digests_of(straight)
        assert verify(Workspace.open(pieces)).equal
        for home in (straight, pieces):
            build_file(Workspace.open(home), home / "past.duckdb", instant)
        assert digests_of(pieces / "past.duckdb") == digests_of(straight / "past.duckdb")


# What follows are single histories, each of which once broke an invariant.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("some", "others"),
    [
        (("",), ()),
        (("Ada\x1eBen",), ("Ada", "Ben")),
    ],
)
def test_texts_that_differ_in_their_authors_are_two_texts_or_one_in_any_order(
    some: tuple[str, ...], others: tuple[str, ...]
) -> None:
    shown = [_ENTRY._replace(authors=some), _ENTRY._replace(authors=others)]
    history = [
        Capture("hf-daily", _SOME_DAY, time, (entry,))
        for time, entry in zip((_SOME_TIME, _LATER), shown, strict=True)
    ]
    with workplace() as folder:
        paths = write_captures(folder / "captures", history)
        ingest_files(folder / "straight", paths)
        ingest_files(folder / "backwards", paths[::-1])
        assert digests_of(folder / "straight") == digests_of(folder / "backwards")


def days_of(*history: Capture) -> dict[date, str]:
    with workplace() as folder:
        ingest_files(folder / "home", write_captures(folder / "captures", name_bodies(history)))
        return dict(query(folder / "home", "select feed_date, state from core.feed_day"))


def test_a_list_that_announces_papers_and_shows_none_is_no_empty_day() -> None:
    cut = Capture("hf-daily", _SOME_DAY, _LATER, (), "wrapped", 3, _SOME_DAY)
    assert days_of(cut)[_SOME_DAY] == "truncated"


def test_a_day_of_which_the_only_look_is_held_is_in_the_ledger() -> None:
    held = Capture("hf-daily", _SOME_DAY, None, (), "error")
    assert days_of(held) == {_SOME_DAY: "held"}


@pytest.mark.slow
def test_a_look_held_for_its_date_does_not_stretch_the_ledger() -> None:
    listed = [_ENTRY._replace(listed=day) for day in (_SOME_DAY, date(2025, 5, 7))]
    sound = Capture("hf-daily", _SOME_DAY, _LATER, (listed[0],))
    misnamed = Capture("hf-daily", date(1999, 1, 5), None, (listed[1],))
    assert min(days_of(sound, misnamed)) == _SOME_DAY
    assert days_of(misnamed) == {}


@pytest.mark.slow
def test_failed_looks_that_landed_before_a_crash_reach_the_ledger() -> None:
    seen = [
        Capture("hf-daily", date(2025, 6, day), datetime(2025, 6, day + 2), (_ENTRY,))  # noqa: DTZ001
        for day in (5, 9)
    ]
    with workplace() as folder:
        home = folder / "home"
        ingest_files(home, write_captures(folder / "captures", seen))
        land_failures(home, [("hf-daily", _SOME_DAY)])
        ingest_files(home, [])
        assert verify(Workspace.open(home)).equal


def _state_twice(folder: Path, kind: str | None) -> tuple[Path, Stated, Stated]:
    """Return a capture and two ways of saying the same of it: by its path, and by flags."""
    [path] = write_captures(folder, [Capture("hf-daily", _SOME_DAY, _LATER, (_ENTRY,))])
    by_flags = Stated("hf-daily", kind, _SOME_DAY, _LATER)
    return path, Stated(layout=PathTemplate(LAYOUT)), by_flags


@pytest.mark.slow
@pytest.mark.parametrize("kind", [None, "search"])
def test_a_look_is_the_same_whichever_way_its_facts_were_stated_first(kind: str | None) -> None:
    with workplace() as folder:
        path, by_path, by_flags = _state_twice(folder / "captures", kind)
        for home, order in (("a", (by_path, by_flags)), ("b", (by_flags, by_path))):
            for stated in order:
                ingest(Workspace.open(folder / home), [Inputs((path,), stated)])
        assert digests_of(folder / "a") == digests_of(folder / "b")


@pytest.mark.slow
def test_a_look_that_landed_before_a_crash_is_loaded_as_it_landed() -> None:
    with workplace() as folder:
        path, by_path, by_flags = _state_twice(folder / "captures", "search")
        home = folder / "home"
        ingest(Workspace.open(home), [Inputs((path,), by_flags)])
        # as if the run had been killed between landing and publishing
        (home / "warehouse.duckdb").unlink()
        ingest(Workspace.open(home), [Inputs((path,), by_path)])
        assert verify(Workspace.open(home)).equal
