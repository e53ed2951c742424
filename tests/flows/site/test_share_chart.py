"""The chart of a topic's shares: where its labels stand."""

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from flows.site.charts import Charts
from flows.site.share_chart import HEIGHT, WIDTH, shares_over_time
from tests.flows.site.periods import periods_of
from warehouse.answers.topics import Period


def labels_of(periods: list[Period]) -> list[date]:
    (under,) = {
        tuple(layer["encoding"]["x"]["axis"]["values"])
        for layer in shares_over_time(periods, [])["layer"]
    }
    return [date(1970, 1, 1) + timedelta(milliseconds=one) for one in under]


@pytest.mark.parametrize("count", [2, 3, 7, 17, 18, 40, 70, 104, 260, 520, 5_000])
@pytest.mark.parametrize("first", [date(2024, 1, 1), date(2024, 12, 30), date(1, 1, 1)])
def test_a_chart_of_any_length_has_few_labels_within_it(first: date, count: int) -> None:
    periods = periods_of(first, count)
    labels = labels_of(periods)
    assert 1 <= len(labels) <= 6
    assert all(periods[0].period_start <= one <= periods[-1].period_start for one in labels)


@pytest.mark.parametrize("count", [19, 40, 70, 104, 260, 520])
def test_the_months_below_a_chart_are_equally_far_apart(count: int) -> None:
    labels = labels_of(periods_of(date(2024, 3, 4), count))
    assert {one.day for one in labels} == {1}
    assert len({12 * (b.year - a.year) + b.month - a.month for a, b in pairwise(labels)}) == 1


def test_labels_are_drawn_in_the_room_beside_the_chart(tmp_path: Path) -> None:
    """No label is measured, so that their places are chosen, and the page says their size."""
    charts = Charts(tmp_path)
    drawing = charts.draw_shares(periods_of(date(2024, 1, 1), 60), [], "Shares")
    assert drawing is not None
    svg = drawing.svg()
    found = re.findall(r"<text ([^>]*)>([^<]+)</text>", svg)
    assert [text for _, text in found if "20" in text and "%" not in text] == [
        "Jan 2024",
        "Apr 2024",
        "Jul 2024",
        "Oct 2024",
        "Jan 2025",
    ]
    assert "0%" in [text for _, text in found]
    assert not any("font" in attributes for attributes, _ in found)
    places = re.findall(r"translate\(([-\d.]+),([-\d.]+)\)", " ".join(one for one, _ in found))
    assert all(-44 < float(x) <= WIDTH and -10 < float(y) < HEIGHT + 33 for x, y in places)
