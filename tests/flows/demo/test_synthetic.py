"""The generator of synthetic captures: what it says that it planted is what lies on disk."""

import ast
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.demo.synthetic import Planted, SampleSize, write_sample
from flows.demo.synthetic.__main__ import main
from flows.demo.synthetic.words import WORDS

CLEAN = SampleSize(days=6, papers_per_day=51, looks_per_day=3, dirt=False)


class Sample(NamedTuple):
    folder: Path
    planted: Planted


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    return Sample(folder, write_sample(folder, SampleSize()))


def read_entries(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a body in any shape."""
    body = json.loads(path.read_bytes())
    if isinstance(body, dict):
        body = body.get("data", [])
    if body == 1:
        return []
    return [ast.literal_eval(entry) if isinstance(entry, str) else entry for entry in body]


def looks_of(folder: Path, feed_date: date | str) -> list[Path]:
    return sorted((folder / "synthetic" / str(feed_date)).glob("*.json"))


def ids_in(path: Path) -> list[str]:
    return [entry["paper"]["id"] for entry in read_entries(path)]


def good_ids_in(path: Path) -> set[str]:
    """Return the ids of the entries that are not to be rejected."""
    return {
        entry["paper"]["id"]
        for entry in read_entries(path)
        if isinstance(entry["paper"]["id"], str) and "title" in entry
    }


def all_bytes(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def votes_in(path: Path) -> dict[str, int]:
    return {entry["paper"]["id"]: entry["paper"]["upvotes"] for entry in read_entries(path)}


def first_papers(folder: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return feed date and entry of every paper with an id and a title, as first shown."""
    papers: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in sorted((folder / "synthetic").glob("*/*.json")):
        for entry in read_entries(path):
            if isinstance(entry["paper"]["id"], str) and "title" in entry:
                papers.setdefault(entry["paper"]["id"], (path.parent.name, entry))
    return papers


def test_the_same_seed_writes_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    assert write_sample(tmp_path, SampleSize()) == sample.planted
    assert all_bytes(tmp_path) == all_bytes(sample.folder)


def test_another_seed_writes_other_papers(sample: Sample, tmp_path: Path) -> None:
    write_sample(tmp_path, SampleSize(seed=8))
    titles = {entry["title"] for _, entry in first_papers(sample.folder).values()}
    others = {entry["title"] for _, entry in first_papers(tmp_path).values()}
    assert not titles & others


def test_the_totals_are_what_lies_on_disk(sample: Sample) -> None:
    folder, planted = sample
    assert planted.search_page is not None
    listed = list((folder / "synthetic").glob("*/*.json"))
    searched = len(planted.search_only) + len(planted.search_joined)
    listed += (folder / one.path for one in planted.misplaced)
    assert planted.captures == len(listed) + 1
    assert planted.entries == sum(len(read_entries(path)) for path in listed) + searched
    assert planted.paper_ids == len(first_papers(folder))
    assert planted.papers == planted.paper_ids + len(planted.search_only)


def test_papers_are_distinct_and_shaped_like_those_of_the_feed(sample: Sample) -> None:
    papers = first_papers(sample.folder)
    assert len({entry["title"] for _, entry in papers.values()}) == len(papers)
    assert len({entry["summary"] for _, entry in papers.values()}) == len(papers)
    for paper_id, (feed_date, entry) in papers.items():
        paper = entry["paper"]
        assert re.fullmatch(r"\d{4}\.\d{5}", paper_id)
        assert 850 <= len(entry["summary"]) <= 1350
        assert paper["submittedOnDailyAt"].startswith(feed_date)
        assert paper["submittedOnDailyBy"]["fullname"] == "paperstrata synthetic sample"
        assert entry["title"] == paper["title"]
        if not paper["publishedAt"].startswith("2199"):
            published = date.fromisoformat(paper["publishedAt"][:10])
            assert 0 <= (date.fromisoformat(feed_date) - published).days <= 3
            assert paper_id[:4] == f"{published:%y%m}"


def test_no_two_abstracts_could_be_taken_for_edits_of_each_other(sample: Sample) -> None:
    shingles = []
    for _, entry in first_papers(sample.folder).values():
        words = entry["summary"].lower().split()
        shingles.append(set(zip(words, words[1:], words[2:], strict=False)))
    nearest = max(
        len(one & other) / len(one | other)
        for number, one in enumerate(shingles)
        for other in shingles[:number]
    )
    assert nearest < 0.2


def test_votes_never_fall_between_the_looks_of_a_day(sample: Sample) -> None:
    folder, planted = sample
    spoiled = {folder / flaw.path for flaw in (*planted.nulled_values, *planted.rejected_entries)}
    for day in (folder / "synthetic").iterdir():
        for before, after in pairwise(looks_of(folder, day.name)):
            if {before, after} & spoiled:
                continue
            later = votes_in(after)
            assert all(later.get(i, votes) >= votes for i, votes in votes_in(before).items())


def test_weekdays_have_a_look_at_noon_and_one_after_the_day(sample: Sample) -> None:
    folder, planted = sample
    for feed_date in planted.bursts[0].days:
        noon, night = (
            datetime.strptime(path.stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            for path in looks_of(folder, feed_date)
        )
        assert (noon.date(), noon.hour) == (feed_date, 12)
        assert (night.date() - feed_date).days == 1


def test_bursts_rise_from_about_two_to_about_25_percent(sample: Sample) -> None:
    folder, planted = sample
    papers = first_papers(folder).values()
    assert [burst.topic_id for burst in planted.bursts] == ["world-models", "test-time-compute"]
    assert (planted.bursts[1].onset - planted.bursts[0].onset).days == 7
    for burst in planted.bursts:
        phrases = re.compile("|".join(burst.phrases), re.IGNORECASE)
        assert burst.onset.weekday() == 0
        assert burst.days[0] == burst.onset
        days = Counter(day for day, entry in papers if phrases.search(entry["title"]))
        totals = Counter(day for day, _ in papers)
        before = {day for day in totals if day < burst.onset.isoformat()}
        since = totals.keys() - before
        assert {date.fromisoformat(day) for day in since} == set(burst.days)
        assert sum(days[day] for day in since) == burst.papers_since
        assert sum(days[day] for day in before) == burst.papers_before
        assert burst.papers_before / sum(totals[day] for day in before) < 0.04
        assert 0.22 < burst.papers_since / sum(totals[day] for day in since) < 0.28


def test_every_other_topic_keeps_its_share(sample: Sample) -> None:
    papers = first_papers(sample.folder).values()
    weeks: dict[int, list[str]] = {}
    for day, entry in papers:
        week = date.fromisoformat(day).isocalendar().week
        weeks.setdefault(week, []).append(f"{entry['title']} {entry['summary']}".lower())
    for subject in WORDS.subjects.steady:
        mentions = [
            sum(any(phrase.lower() in text for phrase in subject.phrases) for text in texts)
            / len(texts)
            for texts in weeks.values()
            if len(texts) > 50
        ]
        assert max(mentions) < 0.16


def test_a_weekday_is_missing_and_weekends_are_empty(sample: Sample) -> None:
    folder, planted = sample
    assert planted.missing_day is not None
    assert planted.missing_day.weekday() < 5
    assert looks_of(folder, planted.missing_day) == []
    assert len(planted.empty_days) == 8
    for feed_date in planted.empty_days:
        (look,) = looks_of(folder, feed_date)
        assert feed_date.weekday() >= 5
        assert read_entries(look) == []
        assert look.stem[:8] > f"{feed_date:%Y%m%d}"


def test_titles_change_between_the_first_and_the_second_look(sample: Sample) -> None:
    folder, planted = sample
    papers = first_papers(folder)
    assert len(planted.retitled) == 2
    changed = set()
    for paper_id, (feed_date, _) in papers.items():
        titles = [
            " ".join(entry["title"].split())
            for path in looks_of(folder, feed_date)
            for entry in read_entries(path)
            if entry["paper"]["id"] == paper_id and "title" in entry
        ]
        if len(set(titles)) > 1:
            assert titles[0] not in titles[1:]
            assert len(set(titles[1:])) == 1
            changed.add(paper_id)
    assert changed == set(planted.retitled)


def test_late_captures_show_an_old_day_with_more_votes(sample: Sample) -> None:
    folder, planted = sample
    assert len(planted.late) == 2
    for late in planted.late:
        assert (late.captured_at.date() - late.feed_date).days >= 14
        assert late.captured_at.strftime("%Y%m%dT%H%M%SZ") == late.path.stem
        *_, before, last = looks_of(folder, late.feed_date)
        assert last == folder / late.path
        assert ids_in(last) and sorted(ids_in(last)) == sorted(ids_in(before))
        assert sum(votes_in(last).values()) > sum(votes_in(before).values())


def test_late_papers_are_not_in_the_first_look(sample: Sample) -> None:
    folder, planted = sample
    late = set()
    for day in (folder / "synthetic").iterdir():
        shown = [good_ids_in(path) for path in looks_of(folder, day.name) if read_entries(path)]
        late |= set().union(*shown[1:]) - shown[0] if shown else set()
    assert late == set(planted.late_papers)


def test_one_look_is_cut_at_fifty_entries(sample: Sample) -> None:
    folder, planted = sample
    assert planted.truncated is not None and planted.truncated_day is not None
    noon, night = looks_of(folder, planted.truncated_day)
    assert night == folder / planted.truncated
    assert len(ids_in(night)) == 50
    assert len(ids_in(noon)) < 50
    assert set(planted.cut_papers) == set(ids_in(noon)) - set(ids_in(night)) != set()
    lengths = Counter(len(read_entries(path)) for path in (folder / "synthetic").glob("*/*.json"))
    assert lengths[50] == 1


def test_refused_files_are_unreadable(sample: Sample) -> None:
    folder, planted = sample
    content = {refused.kind: (folder / refused.path).read_bytes() for refused in planted.refused}
    assert set(content) == {"empty", "picture", "cut_json"}
    assert content["empty"] == b""
    assert content["picture"].startswith(b"\x89PNG\r\n\x1a\n")
    assert content["cut_json"].startswith(b'[{"paper":')
    with pytest.raises(json.JSONDecodeError):
        json.loads(content["cut_json"])


def test_rejected_entries_have_no_title_or_a_number_as_id(sample: Sample) -> None:
    folder, planted = sample
    untitled, numbered = planted.rejected_entries
    assert (untitled.field, numbered.field) == ("title", "id")
    entry = read_entries(folder / untitled.path)[untitled.position]
    assert entry["paper"]["id"] == untitled.paper_id
    assert "title" not in entry and "title" not in entry["paper"]
    entry = read_entries(folder / numbered.path)[numbered.position]
    assert isinstance(entry["paper"]["id"], float)
    assert numbered.paper_id is None


def test_nulled_values_are_impossible_votes_and_a_far_date(sample: Sample) -> None:
    folder, planted = sample
    for flaw, value in zip(planted.nulled_values, (-3, "2199-01-01T00:00:00.000Z"), strict=True):
        paper = read_entries(folder / flaw.path)[flaw.position]["paper"]
        assert (paper["id"], paper[flaw.field]) == (flaw.paper_id, value)


def test_older_shapes_are_what_they_are_called(sample: Sample) -> None:
    folder, planted = sample
    bodies = {old.path: json.loads((folder / old.path).read_bytes()) for old in planted.old_shapes}
    shapes = Counter(old.shape for old in planted.old_shapes)
    assert shapes == {"wrapped": 1, "repr": 1, "no_data": 1, "one": 7, "empty_list": 1}
    for old in planted.old_shapes:
        body = bodies[old.path]
        match old.shape:
            case "wrapped":
                assert body["date"] == old.path.parent.name
                assert body["count"] == len(body["data"]) == 18
            case "repr":
                assert len(body) == 18 and all(entry.startswith("{'paper'") for entry in body)
            case "no_data":
                assert body["status"] == "no_data"
            case "one":
                assert body == 1
            case "empty_list":
                assert body == []


def test_the_search_page_shows_listed_papers_and_others_without_ids(sample: Sample) -> None:
    folder, planted = sample
    assert planted.search_page is not None
    paragraphs = (folder / planted.search_page).read_text().strip().split("\n\n")
    shown = dict(zip(paragraphs[6::2], paragraphs[7::2], strict=True))
    papers = first_papers(folder)
    joined = {papers[paper_id][1]["title"] for paper_id in planted.search_joined}
    assert paragraphs[:6][-1] == "Feb 4"
    assert shown.keys() == joined | set(planted.search_only)
    assert not set(planted.search_only) & {entry["title"] for _, entry in papers.values()}
    for paper_id in planted.search_joined:
        entry = papers[paper_id][1]
        assert shown[entry["title"]].replace(" ", "") == entry["summary"].replace(" ", "")
    assert not re.search(r"\d{4}\.\d{5}", "".join(paragraphs))


def test_a_clean_sample_has_exactly_the_entries_asked_for(tmp_path: Path) -> None:
    planted = write_sample(tmp_path, CLEAN)
    looks = list(tmp_path.rglob("*.json"))
    ids = Counter(paper_id for look in looks for paper_id in ids_in(look))
    assert [len(ids_in(look)) for look in looks] == [51] * 18
    assert (planted.captures, planted.entries, planted.paper_ids) == (18, 18 * 51, 6 * 51)
    assert set(ids.values()) == {3}
    assert [path.name for path in tmp_path.iterdir()] == ["synthetic"]
    assert planted.papers == len(ids) == 6 * 51
    nothing = (
        planted.refused,
        planted.rejected_entries,
        planted.nulled_values,
        planted.late,
        planted.late_papers,
        planted.retitled,
        planted.empty_days,
        planted.old_shapes,
    )
    assert not any(nothing)


def test_ids_before_2015_have_four_digits_behind_the_month_as_those_of_arxiv(
    tmp_path: Path,
) -> None:
    write_sample(tmp_path, replace(CLEAN, start=date(2014, 12, 31)))
    ids = {one for look in tmp_path.rglob("*.json") for one in ids_in(look)}
    assert {(one < "1501", len(one)) for one in ids} == {(True, 9), (False, 10)}


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    days=st.integers(14, 40),
    papers=st.integers(8, 60),
    looks=st.integers(2, 4),
    offset=st.integers(0, 800),
    seed=st.integers(),
)
def test_the_truth_holds_for_samples_of_any_size(
    tmp_path_factory: pytest.TempPathFactory,
    days: int,
    papers: int,
    looks: int,
    offset: int,
    seed: int,
) -> None:
    start = date.fromordinal(date(2025, 1, 1).toordinal() + offset)
    folder = tmp_path_factory.mktemp("any")
    planted = write_sample(folder, SampleSize(days, papers, looks, start, seed))
    files = list((folder / "synthetic").glob("*/*.json"))
    # beside them the page of a search, and a list under another date
    assert planted.captures == len(files) + 1 + len(planted.misplaced)
    assert planted.paper_ids == len(first_papers(folder))
    for flaw in planted.rejected_entries:
        assert read_entries(folder / flaw.path)[flaw.position]["paper"]["id"] != ""
    assert planted.truncated is not None
    assert len(ids_in(folder / planted.truncated)) == 50
    assert planted.cut_papers
    assert len(planted.retitled) == 2
    assert planted.search_page is not None and (folder / planted.search_page).exists()


def test_a_folder_that_holds_a_sample_is_left_alone(sample: Sample) -> None:
    with pytest.raises(FileExistsError, match="a folder of its own"):
        write_sample(sample.folder, SampleSize())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"days": 0}, "at least 1"),
        ({"days": 13}, "at least 14 days"),
        ({"looks_per_day": 1}, "2 looks_per_day"),
        ({"papers_per_day": 3_001}, "at most 3000"),
        ({"start": date(2099, 12, 1)}, "between 2000 and 2099"),
    ],
)
def test_a_sample_that_cannot_be_written_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SampleSize(**wrong)


def test_progress_is_told_after_each_day(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_sample(tmp_path, CLEAN, lambda done, days: told.append((done, days)))
    assert told == [(number, 6) for number in range(1, 7)]


def test_the_command_writes_a_sample_and_prints_one_line(tmp_path: Path) -> None:
    arguments = [str(tmp_path / "s"), "--days", "2", "--papers-per-day", "5", "--clean"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    assert "4 captures with 20 entries of 10 synthetic papers" in result.stdout
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 2


def test_subjects_are_told_apart_by_their_phrases() -> None:
    phrases = [
        phrase
        for subject in (*WORDS.subjects.bursts, *WORDS.subjects.steady)
        for phrase in subject.phrases
    ]
    assert len(set(phrases)) == len(phrases)
