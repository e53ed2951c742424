"""Looks of our own that go wrong: what lands, what is refused, what the ledger says of the day."""

import json
import socket
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from flows.admin.decisions import decide
from flows.admin.erasure import erase_names
from flows.admin.verify import verify
from flows.pipeline.ingest import ingest
from flows.pipeline.inputs import DueFetch
from flows.report import Report
from flows.schedule.daily import due_now
from flows.sources.huggingface import DailyPapers
from flows.workspace import Workspace
from tests.flows.captures import Bench, api_entry, api_page, write
from tests.flows.sources.replay import Reply, json_reply, serve

DAY = date(2026, 3, 2)
AFTER = datetime(2026, 3, 3, 6)  # noqa: DTZ001 - naive UTC
PORTAL = Reply(b"<!doctype html><title>Accept the terms of this hotel</title>")
ODD = {"login": "Accept the terms of this hotel"}

Look = Callable[..., Report]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    bench = Bench(tmp_path, monkeypatch, fetch_tries=1)
    monkeypatch.setenv("HF_ENDPOINT", nowhere())
    monkeypatch.setenv("ARXIV_ENDPOINT", nowhere())
    yield bench


@pytest.fixture
def look(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Look at one day, of which the server answers so."""

    def take(replies: list[Reply], hours: int = 0) -> Report:
        due = [DueFetch("hf-daily", DAY, "asked for")]
        with serve(replies) as server:
            monkeypatch.setenv("HF_ENDPOINT", server.address)
            return ingest(workspace(bench, hours), [], due, verb="fetch")

    return take


def nowhere() -> str:
    """Return an address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def workspace(bench: Bench, hours: int = 0) -> Workspace:
    workspace = Workspace.open(bench.home)
    workspace.now = lambda: AFTER + timedelta(hours=hours)
    return workspace


def page(numbers: range, has_next: bool = False, day: date = DAY) -> Reply:
    entries = [
        api_entry(number, paper={"submittedOnDailyAt": f"{day}T01:00:00.000Z"})
        for number in numbers
    ]
    more = {"Link": f'<?date={DAY}&p=1&limit=100>; rel="next"'} if has_next else {}
    return json_reply(entries, **more)


def reason(bench: Bench) -> str:
    ((reason,),) = bench.rows(f"select reason from core.feed_day where feed_date = '{DAY}'")
    return str(reason)


def state(bench: Bench) -> str:
    ((state,),) = bench.rows(f"select state from core.feed_day where feed_date = '{DAY}'")
    return str(state)


@pytest.mark.parametrize("answer", [PORTAL, json_reply(ODD)], ids=["HTML", "JSON of no format"])
def test_an_answer_of_no_known_format_is_refused_by_name_and_its_look_failed(
    bench: Bench, look: Look, answer: Reply
) -> None:
    report = look([answer])
    assert report.captures == {"seen": 1, "refused": 1}
    assert report.newly["refused"] == 1
    ((path, size, blob_id, _, seen_at),) = workspace(bench).landing.refused().rows()
    assert path.endswith(f"/api/daily_papers?date={DAY}&limit=100&p=0")
    assert (size, len(blob_id), seen_at) == (len(answer.body), 64, AFTER)
    ((feed_id, day, failed_at, address, reason),) = workspace(bench).landing.failed().rows()
    assert (feed_id, day, failed_at, address) == ("hf-daily", DAY, AFTER, path)
    assert reason == report.failed[0].reason


def test_the_same_answer_again_is_counted_and_not_newly_refused(bench: Bench, look: Look) -> None:
    with serve([PORTAL]) as server:
        for hours, newly in enumerate((1, 0)):
            due = [DueFetch("hf-daily", DAY, "asked for")]
            opened = workspace(bench, hours)
            opened.settings = opened.settings.model_copy(update={"hf_endpoint": server.address})
            report = ingest(opened, [], due, verb="fetch")
            assert (report.captures["refused"], report.newly["refused"]) == (1, newly)
    assert workspace(bench).landing.refused().height == 1
    assert workspace(bench).landing.failed().height == 2


def begin_ledger(bench: Bench) -> None:
    """Take the list of the Friday before, so that the ledger has the days since."""
    friday = date(2026, 2, 27)
    with serve([page(range(1), day=friday)]) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", server.address)
        ingest(workspace(bench), [], [DueFetch("hf-daily", friday, "asked for")], verb="fetch")


@pytest.mark.slow
def test_a_day_of_which_only_nonsense_came_is_an_outage(bench: Bench, look: Look) -> None:
    begin_ledger(bench)
    look([PORTAL])
    assert state(bench) == "outage"


@pytest.mark.slow
def test_a_look_of_which_a_page_is_missing_is_truncated_and_then_mended(
    bench: Bench, look: Look
) -> None:
    half = look([page(range(3), has_next=True), json_reply({}, 503)])
    assert (half.captures["loaded"], len(half.failed)) == (1, 1)
    assert state(bench) == "truncated"
    assert reason(bench) == "the second page failed: HTTP 503 Service Unavailable"
    assert DAY in [due.feed_date for due in due_now(workspace(bench), AFTER)]
    whole = look([page(range(3), has_next=True), page(range(3, 5))], hours=1)
    assert (whole.captures["loaded"], len(whole.failed)) == (2, 0)
    assert state(bench) == "loaded"


def test_a_look_does_not_go_on_past_a_page_that_cannot_be_read(bench: Bench, look: Look) -> None:
    more = {"Link": f'<?date={DAY}&p=2&limit=100>; rel="next"'}
    report = look([page(range(3), has_next=True), json_reply(ODD, **more), page(range(3, 5))])
    assert report.captures["loaded"] == report.captures["refused"] == len(report.failed) == 1
    assert state(bench) == "truncated"


@pytest.mark.slow
def test_the_list_of_another_day_is_a_failed_look_of_which_the_bytes_stay(
    bench: Bench, look: Look
) -> None:
    begin_ledger(bench)
    answer = page(range(3), day=DAY - timedelta(days=3))
    report = look([answer])
    told = f"the answer is the list of 2026-02-27, not of {DAY}"
    assert [failed.reason for failed in report.failed] == [told]
    assert (report.captures["held"], report.captures["loaded"]) == (1, 0)
    bodies = workspace(bench).landing.read_bodies(workspace(bench).landing.captures())["body"]
    assert answer.body in list(bodies)
    assert state(bench) == "outage"
    assert reason(bench) == f"every look at the day failed, the last with: {told}"
    assert DAY in [due.feed_date for due in due_now(workspace(bench), AFTER)]


def test_pages_that_overlap_are_fetched_again_and_what_was_lost_comes(
    bench: Bench, look: Look
) -> None:
    shifted = [page(range(3), has_next=True), page(range(2, 4))]
    report = look([*shifted, page(range(3), has_next=True), page(range(3, 5))])
    assert (report.captures["loaded"], report.failed) == (4, [])
    assert bench.rows("select count(*) from core.paper") == [(5,)]
    assert state(bench) == "loaded"


@pytest.mark.slow
def test_an_answer_and_a_file_at_which_a_reader_fails_stop_no_other(
    bench: Bench, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("Mars/Olympus")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DailyPapers, "_read_link", fail)
        linked = Reply(page(range(3)).body, headers={"Link": '<?p=1>; rel="next"'})
        report = look([linked])
    told = "its reader failed: LookupError: Mars/Olympus"
    assert [failed.reason for failed in report.failed] == [told]
    monkeypatch.setattr("flows.pipeline.capture.recognise", fail)
    ending = bench.ingest(bench.put(api_page()))
    assert (ending.code, ending.report["published"]) == (1, False)
    assert "LookupError" in ending.out


@pytest.mark.slow
def test_a_day_of_which_the_pages_overlap_twice_is_truncated(bench: Bench, look: Look) -> None:
    report = look([page(range(3), has_next=True), page(range(1, 4))] * 2)
    told = "the pages overlap, also when fetched again: 2 papers came twice"
    assert [failed.reason for failed in report.failed] == [told]
    assert (state(bench), reason(bench)) == ("truncated", told)


@pytest.mark.slow
def test_the_pages_of_a_week_are_one_look_at_its_days(bench: Bench) -> None:
    """The second page shows one day alone: that makes it no list of that day."""
    weeks = "name = 'W'\nkind = 'daily_list'\nfamily = 'huggingface'\nsource_rank = 5"
    calendar = "time_zone = 'UTC'\nweekdays = [1, 2]\ncutoff_hours = 24\ndeadline_hours = 24"
    declared = f"{weeks}\nid_scheme = 'arxiv'\nsource = 'hf-week'\n[feed.calendar]\n{calendar}\n"
    write(bench.overlay / "feeds.toml", f"[[feed]]\nfeed_id = 'weeks'\n{declared}")
    monday, tuesday = date(2026, 2, 23), date(2026, 2, 24)
    listed = [
        api_entry(number, paper={"submittedOnDailyAt": f"{day}T01:00:00.000Z"})
        for number, day in enumerate((monday, tuesday, tuesday))
    ]
    link = '<?week=2026-W09&p=1&limit=100>; rel="next"'
    due = [DueFetch("weeks", tuesday, "asked for")]
    answers = [json_reply(listed[:2], Link=link), json_reply(listed[2:])]
    with serve(answers) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", server.address)
        assert ingest(workspace(bench), [], due, verb="fetch").captures["loaded"] == 2
    with serve([json_reply(listed[:2])]) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", server.address)
        other = [DueFetch("weeks", date(2026, 3, 2), "asked for")]
        failed = ingest(workspace(bench), [], other, verb="fetch").failed
    assert [one.reason for one in failed] == [
        f"the answer is the list of {monday}, {tuesday}, not of week=2026-W10"
    ]
    days = "select feed_date, state, captures, papers from core.feed_day where captures > 0"
    assert bench.rows(f"{days} order by all") == [
        (monday, "partial", 1, 1),
        (tuesday, "partial", 2, 2),
    ]
    assert verify(workspace(bench)).equal


def take_days(bench: Bench, reply: Reply, days: int) -> tuple[list[str], int]:
    """Look at so many days; return why they failed, and how often the server was asked."""
    due = [DueFetch("hf-daily", date(2026, 3, number + 2), "asked for") for number in range(days)]
    with serve([reply]) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", server.address)
        report = ingest(workspace(bench), [], due, verb="backfill")
    return [failed.reason for failed in report.failed], len(server.paths)


def test_a_server_that_answers_badly_again_and_again_is_left_alone(bench: Bench) -> None:
    reasons, asked = take_days(bench, json_reply({}, 503), 6)
    assert asked == 3
    assert [reason.startswith("HTTP 503") for reason in reasons] == [True] * 3 + [False] * 3
    assert set(reasons[3:]) == {"not tried: the source could not be reached"}


def test_pages_that_come_slowly_without_end_end_the_look_and_leave_the_server_alone(
    bench: Bench,
) -> None:
    """Each within its own deadline: two hundred of them held the lock for days."""
    write(bench.overlay / "settings.toml", "fetch_tries = 1\nfetch_seconds = 0.001\n")
    reasons, asked = take_days(bench, page(range(1), has_next=True), 2)
    assert asked == 1
    assert reasons == [
        "its pages take more than 0.001 s (fetch_seconds in settings.toml)",
        "not tried: the source could not be reached",
    ]


def test_days_that_a_server_knows_nothing_of_do_not_keep_us_from_the_others(bench: Bench) -> None:
    reasons, asked = take_days(bench, Reply(b"", 404), 6)
    assert (asked, set(reasons)) == (6, {"HTTP 404 Not Found"})


@pytest.mark.parametrize("feed", ["arxiv-new", "hf-trending"])
def test_what_a_source_shows_only_now_cannot_be_asked_for_a_day_that_is_over(
    bench: Bench, feed: str
) -> None:
    ending = bench.run("fetch", feed, "--date", "2026-01-05")
    assert ending.code == 2
    assert f"feed '{feed}' shows only what is there now" in ending.err
    assert "hf-daily" in ending.err


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("source = 'hf-dat'", "feed 'hf-daily': no source is called 'hf-dat'; there are hf-date"),
        ("options = { set = 'cs' }", "feed 'hf-daily': source 'hf-date' has no option set"),
        ("reobserve_days = [40]", "feed 'hf-daily': reobserve_days"),
    ],
)
def test_a_feed_whose_source_is_declared_wrongly_is_a_usage_error(
    bench: Bench, declared: str, said: str
) -> None:
    write(bench.overlay / "feeds.toml", f"[[feed]]\nfeed_id = 'hf-daily'\n{declared}\n")
    ending = bench.run("fetch", "hf-daily")
    assert ending.code == 2
    assert said in ending.err


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("source = 'hf-dat'", "no source is called 'hf-dat'"),
        ("options = { page_size = 'many' }", "option page_size"),
        ("options = { sett = 'cs' }", "source 'arxiv-query' has no option sett"),
        ("options = {}", "needs a query or a date"),
    ],
)
def test_a_feed_whose_source_is_declared_wrongly_keeps_no_other_one_from_being_fetched(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, declared: str, said: str
) -> None:
    wrong = f"feed_id = 'arxiv-search'\nsource = 'arxiv-query'\n{declared}"
    if declared.startswith("source"):
        wrong = wrong.replace("source = 'arxiv-query'\n", "")
    write(bench.overlay / "feeds.toml", f"[[feed]]\n{wrong}\n")
    due = [DueFetch("arxiv-search", None, "once a run"), DueFetch("hf-daily", DAY, "asked for")]
    with serve([page(range(2))]) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        report = ingest(workspace(bench), [], due, verb="daily")
    assert (report.is_published, report.captures["loaded"]) == (True, 1)
    [failed] = report.failed
    assert (failed.feed_id, said in failed.reason) == ("arxiv-search", True)
    assert failed.reason.startswith("feeds.toml: feed 'arxiv-search': ")


def test_a_feed_that_nobody_can_look_at_is_not_daily(bench: Bench) -> None:
    write(bench.overlay / "feeds.toml", "[[feed]]\nfeed_id = 'hf-search'\ndaily = true\n")
    ending = bench.run("daily")
    assert ending.code == 2
    assert "daily = true, but no source says how to look at it" in ending.err


@pytest.mark.slow
def test_without_a_network_daily_loads_the_inboxes_and_ends_with_3(bench: Bench) -> None:
    inbox = bench.home / "inbox" / "hf-daily"
    write(inbox / "here" / "2025-06-20" / "20250621T010000Z.json", api_page())
    ending = bench.run("daily", "--json")
    assert ending.code == 3
    report = json.loads(ending.out)
    assert (report["published"], report["captures"]["loaded"]) == (True, 1)
    assert "no connection" in report["failed"][0]["reason"]
    failed = workspace(bench).landing.failed()
    assert failed.height == len(report["failed"]) > 15
    assert set(failed["feed_id"]) == {"hf-daily"}
    assert bench.rows("select count(*) from core.paper") == [(3,)]
    # the daily run of a home with nothing in it says the same
    assert bench.run("--home", bench.home.parent / "other", "daily").code == 3


@pytest.mark.slow
def test_bytes_of_which_a_name_was_erased_stay_so_when_they_are_fetched_again(
    bench: Bench, look: Look
) -> None:
    shown = page(range(2))
    look([shown])
    erase_names(workspace(bench), ["Ada Example"], "asked for", "us")
    assert look([shown], hours=5).captures["loaded"] == 1
    bodies = workspace(bench).landing.read_bodies(workspace(bench).landing.captures())["body"]
    assert len(bodies) == 2
    assert not any(b"Ada Example" in body for body in bodies)


@pytest.mark.slow
def test_a_look_of_which_a_page_was_retracted_is_no_whole_one(bench: Bench, look: Look) -> None:
    look([page(range(2), has_next=True), page(range(2, 4))])
    assert state(bench) == "loaded"
    ((first,),) = bench.rows("select capture_id from raw.capture where has_next")
    decide(workspace(bench), [first], "retract", "a poisoned page", "us")
    assert state(bench) == "truncated"
    assert reason(bench) == "a page of the list is held: retracted: a poisoned page"
    decide(workspace(bench), [first], "release", "it was not", "us")
    assert state(bench) == "loaded"
