"""What is said of news: numbers that add up, and of which none is more than is known."""

from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage
from smtplib import SMTP

import pytest

from flows.out.delivery import DoubtfulError, Envelope, RefusedError
from flows.out.letter import write_letter
from flows.out.rendering import escape_markdown
from flows.out.sentences import say_burst, say_climbing, say_subject
from warehouse.news_values import Climbing, Day, FeedNews, News, Paper, SaidBurst, Watched

AT = datetime.fromisoformat("2026-03-02T06:15:00")
DAY = date(2026, 3, 2)
PAPER = Paper("arxiv:2603.00001", "Tin Roofs", "https://arxiv.org/abs/2603.00001", DAY)
CLIMBS = Climbing("one", PAPER, 1, 9, 2.5, 40, 3, None, None, AT, is_new=True)
WATCHED = [Watched("one", entry, PAPER, AT, ("topic rain",)) for entry in ("a", "b")]
BURST = SaidBurst(
    *("one", "rain", "Rain", "week", DAY, DAY, DAY, 3, 50, 9.0, AT, AT, None),
    *(3, 0.4, 7.5, 38, 0.02, 0.01),
)


def _news(*feeds: FeedNews) -> News:
    return News("p", AT, AT, {"a": "A", "b": "B"}, feeds)


def test_what_stands_in_two_feeds_or_on_two_lists_is_counted_once() -> None:
    one = FeedNews("one", "One", AT, (BURST,), climbed=(CLIMBS,), watched=tuple(WATCHED))
    two = FeedNews("two", "Two", AT, (BURST,), climbed=(CLIMBS,))
    assert say_subject(_news(one, two)) == (
        "2026-03-02: 1 topic began to rise, 1 paper climbed, 1 paper on your watch-lists"
    )
    assert say_subject(_news()) == "2026-03-02: nothing new"


def test_what_is_usual_is_not_rounded_away() -> None:
    assert "3 papers where 0.4 are usual (7.5 times)" in say_burst(BURST)
    assert "2.5 are usual (median of 40 papers)" in say_climbing(CLIMBS)


def test_a_month_is_said_as_a_month_and_a_week_by_its_first_day() -> None:
    assert "since the week of 2026-03-02;" in say_burst(BURST)
    said = say_burst(replace(BURST, grain="month"))
    assert said.startswith("since the month of 2026-03;")
    assert said.endswith("in the month of 2026-03, the newest compared")


def test_a_title_begins_no_heading_and_no_list_of_markdown() -> None:
    titles = ("# Rain", "- Rain", "+ Rain", "12. Rain", "3) Rain", "2.5 Rain", "3D-Rain")
    assert list(map(escape_markdown, titles)) == [
        *("\\# Rain", "\\- Rain", "\\+ Rain", "12\\. Rain", "3\\) Rain", "2\\.5 Rain", "3D-Rain")
    ]


class _Answers(SMTP):
    """A connection whose server answers a message by one code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    def data(self, msg: object) -> tuple[int, bytes]:
        self.given = msg
        return self.code, b"so it says"


def test_only_a_server_that_says_no_has_surely_not_taken_a_message() -> None:
    for code in (250, 252):
        Envelope(_Answers(code), {}).hand_over(EmailMessage())
    for code, error in ((451, RefusedError), (554, RefusedError), (354, DoubtfulError)):
        with pytest.raises(error, match=f"{code} so it says"):
            Envelope(_Answers(code), {}).hand_over(EmailMessage())


def test_a_mail_says_of_a_feed_without_news_what_is_not_known_of_it() -> None:
    missing = Day("two", DAY, "missing", "expected, and nobody looked", is_newest=False)
    one = FeedNews("one", "One", AT, climbed=(CLIMBS,))
    letter = write_letter(_news(one, FeedNews("two", "Two", AT, days=(missing,))), (), "")
    for part in (letter.text, letter.html):
        assert "expected, and nobody looked" in part
