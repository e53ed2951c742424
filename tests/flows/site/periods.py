"""Periods of a topic, made for charts."""

from datetime import date, timedelta

from warehouse.answers.topics import Period


def periods_of(first: date, count: int, days: int = 7) -> list[Period]:
    starts = [first + timedelta(days=days * number) for number in range(count)]
    return [
        Period("daily", "week", start, 1, 10, 0.1, 0.0, 0.2, None, None, None, 1.0, True, 1, False)
        for start in starts
    ]
