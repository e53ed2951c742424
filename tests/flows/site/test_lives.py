"""A topic with a long life, as its page and the command line tell it."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from lxml import html

from flows.site.lives import tell_course
from flows.site.pages import Site
from flows.site.rendering import render
from flows.site.topic_pages import Chart, FeedTopic
from warehouse.answers.lists import Stamp
from warehouse.answers.topics import TopicLife

LIFE = TopicLife(
    feed_id="daily",
    topic_id="born",
    first_seen=date(2023, 3, 10),
    first_month=date(2023, 3, 1),
    last_month=date(2025, 12, 1),
    papers=1_234,
    observed=20_000,
    months=34,
    course="two peaks",
    curve_share=0.123,
    curve_peak_date=date(2024, 5, 10),
    curve_peak_low=date(2024, 4, 10),
    curve_peak_high=date(2024, 6, 10),
    curve_months_to_peak=14.03,
    curve_months_to_peak_low=13.02,
    curve_months_to_peak_high=15.04,
    curve_half_life_months=6.0,
    curve_half_life_low=4.5,
    curve_half_life_high=None,
    curve_second_date=date(2025, 10, 1),
    curve_second_low=date(2025, 9, 1),
    curve_second_high=date(2025, 11, 1),
    is_told=True,
    peak_month=date(2024, 5, 1),
    peak_share=0.13,
    months_to_peak=14,
    half_month=date(2024, 11, 1),
    half_life_months=6,
    second_peak_month=date(2025, 10, 1),
    last_share=0.08,
    phase="back",
)
SAID = (
    "a Gompertz curve peaks on 2024-05-10 (2024-04-10 to 2024-06-10) at 12.3%; 14.0 months (13.0 to"
    " 15.0) after it was first seen; half of it 6.0 months later (4.5 or more); a second peak on"
    " 2025-10-01 (2025-09-01 to 2025-11-01)"
)


@pytest.mark.parametrize(
    ("course", "said"),
    [
        ("two peaks", SAID),
        ("one peak", SAID),
        ("rising", "not past its peak, which is not before 2024-04-10 (95 %)"),
        ("fading", "past its peak, which came by 2024-06-10 (95 %)"),
        ("steady", "a curve with a peak explains no more than a share that stays the same"),
        ("another course", "it rises and falls otherwise than a Gompertz curve, or two, would"),
        ("too few papers", "too few papers, or months, for a curve"),
    ],
)
def test_every_course_of_a_life_is_told_in_words(course: str, said: str) -> None:
    assert tell_course(replace(LIFE, course=course)) == said


def test_the_page_of_a_topic_tells_its_whole_life() -> None:
    chart = Chart("month", None, is_shaded=False, has_baseline=False, caption="no chart")
    feed = FeedTopic("daily", "Daily", chart, LIFE, (), (), None, (), None, (), (), ())
    at = datetime.fromisoformat("2026-01-02T00:00:00")
    names = ("topic", "periods", "lives", "bursts", "slow", "papers", "relatives")
    text = render(
        "topic.html.j2",
        "../",
        title="Born",
        section="topics",
        site=Site(Stamp("p", at, None, at, 1, 1, "t", "d")),
        is_stamped=False,
        topic_id="born",
        name="Born",
        level="topic",
        parent=None,
        papers=1_234,
        papers_naming_it=1_000,
        feeds=(feed,),
        sql=dict.fromkeys(names, "select 1"),
    )
    facts = {
        " ".join(one.text_content().split()): " ".join(one.getnext().text_content().split())
        for one in html.fromstring(text).iter("dt")
    }
    assert facts["Papers"] == "1,234 of 20,000 in 34 whole months"
    assert facts["Highest"] == "13.0% around May 2024, 14 months after it was first seen"
    assert facts["Fell to half"] == "November 2024, after 6 months"
    assert facts["Back"] == "October 2025"
    assert facts["As a curve tells it"] == (
        "a Gompertz curve peaks on 10 May 2024 (10 Apr 2024 to 10 Jun 2024) at 12.3%; 14.0 months"
        " (13.0 to 15.0) after it was first seen; half of it 6.0 months later (4.5 or more); a"
        " second peak on 1 Oct 2025 (1 Sep 2025 to 1 Nov 2025)"
    )
