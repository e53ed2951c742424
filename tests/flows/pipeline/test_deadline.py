"""Work on what others wrote is broken off when it takes too long."""

import re
import threading
import time
from pathlib import Path

import pytest

from flows.pipeline import capture
from flows.pipeline.deadline import TooSlowError, deadline
from tests.flows.captures import Bench, api_page, write


@pytest.mark.timeout(20)
def test_a_loop_and_a_regular_expression_are_broken_off() -> None:
    with pytest.raises(TooSlowError, match=r"more than 0\.1 seconds"), deadline(0.1):
        while True:
            pass
    with pytest.raises(TooSlowError), deadline(0.1):
        re.fullmatch("(a+)+b", "a" * 60)


def test_what_ends_in_time_is_left_alone_and_so_is_what_comes_after() -> None:
    with deadline(0.05):
        value = 1
    sum(range(10_000_000))
    assert value == 1


def test_time_in_which_others_have_the_processor_does_not_count() -> None:
    with deadline(0.05):
        time.sleep(0.2)


@pytest.mark.timeout(60)
def test_what_another_thread_does_meanwhile_does_not_count_up_to_as_much_again() -> None:
    wanted = time.process_time() + 0.15

    def work() -> None:
        while time.process_time() < wanted:
            pass

    thread = threading.Thread(target=work)
    with deadline(0.1):
        thread.start()
        thread.join()
    assert time.process_time() >= wanted


@pytest.mark.timeout(60)
def test_a_library_whose_threads_take_twice_the_time_is_broken_off() -> None:
    def work() -> None:
        while not ended.is_set():
            pass

    ended = threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    try:
        with pytest.raises(TooSlowError), deadline(0.1):
            while not ended.wait(timeout=0.01):
                pass
    finally:
        ended.set()
        thread.join()


def test_another_thread_has_no_deadline() -> None:
    ended = []

    def work() -> None:
        with deadline(0.01):
            sum(range(3_000_000))
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_file_that_takes_too_long_is_refused_once_and_the_others_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch, capture_seconds=0.5)
    bench.put(api_page())
    bench.put(b"[[slow]]", "slow.txt")
    tried = []
    recognise = capture.recognise

    def hang(body: bytes, *others: object) -> object:
        if body == b"[[slow]]":
            tried.append(body)
            re.fullmatch("(a+)+b", "a" * 60)
        return recognise(body, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(capture, "recognise", hang)
    for runs in (1, 2):
        ending = bench.ingest(layout=None)
        (refused,) = ending.report["refused"]
        reason = refused["reason"]
        assert "more than 0.5 seconds of processor time to read (another capture_s" in reason
        assert ending.report["captures"]["refused"] == 1
        assert (len(tried), ending.code) == (1, 1 if runs == 1 else 0)
    assert bench.rows("select count(*) from raw.capture") == [(1,)]


@pytest.mark.slow
def test_a_capture_that_takes_too_long_is_read_again_where_limit_parser_or_decision_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch, capture_seconds=7)
    bench.put(api_page())
    assert bench.ingest().code == 0
    read = []
    nothing = tmp_path / "nothing"
    nothing.mkdir()

    def give_up(*_: object) -> None:
        read.append(1)
        raise TooSlowError

    with monkeypatch.context() as slow:
        slow.setattr(capture, "_read_again", give_up)
        assert bench.run("rebuild").code == 1
        ((capture_id, state, reason),) = bench.rows(
            "select capture_id, state, reason from raw.capture"
        )
        assert (state, len(read)) == ("held", 1)
        assert reason.startswith("too_slow: it takes more than 7 seconds")
        # the same file again
        assert bench.ingest().report["captures"]["unchanged"] == 1
        assert len(read) == 1
        assert bench.run("verify").code == 0
        read.clear()
        bench.run("captures", "release", capture_id, "--reason", "again")
        bench.ingest()
        assert len(read) == 1
        write(bench.overlay / "settings.toml", "capture_seconds = 8")
        bench.ingest(nothing)
        bench.ingest(nothing)
        assert len(read) == 2
    write(bench.overlay / "settings.toml", "capture_seconds = 9")
    assert bench.ingest(nothing).code == 0
    assert bench.rows("select state, reason from raw.capture") == [("loaded", None)]
