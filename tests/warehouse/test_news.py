"""Which bursts are one: what publications said, told apart by the periods that they said it of."""

from datetime import date, datetime, timedelta

import duckdb

from warehouse.migrate import migrate
from warehouse.news import read_said_bursts, told_once

_FIRST = datetime.fromisoformat("2026-03-01T06:00:00")


def test_a_burst_keeps_its_first_start_where_later_publications_see_another() -> None:
    said = [
        # publication, since, period
        (0, date(2026, 2, 16), date(2026, 2, 23)),
        (1, date(2026, 2, 9), date(2026, 3, 2)),
        # one publication does not say it; the next one says the same burst again
        (3, date(2026, 2, 23), date(2026, 3, 9)),
        # and much later there is another one
        (9, date(2026, 6, 1), date(2026, 6, 8)),
    ]
    with duckdb.connect() as connection:
        migrate(connection)
        for number in range(10):
            connection.execute(
                "insert into ops.publication (publication_id, run_id, published_at)"
                " values (?, ?, ?)",
                [f"r{number}", f"r{number}", _FIRST + timedelta(days=number)],
            )
        for number, since, period in said:
            connection.execute(
                "insert into ops.trend_said (run_id, period_start, since, feed_id, topic_id, grain,"
                " papers, observed) values (?, ?, ?, 'daily', 'agents', 'week', 5, 50)",
                [f"r{number}", period, since],
            )
        connection.execute(
            "insert into ops.trend_said by name select * replace ('month' as grain)"
            " from ops.trend_said where run_id in ('r0', 'r1')"
        )
        of_all_grains = read_said_bursts(connection, ["daily"])
    bursts = [one for one in of_all_grains if one.grain == "week"]
    # by the month the same topic was said to rise at once: that is one piece of news
    assert len(of_all_grains) == 3
    assert sorted(told_once(of_all_grains), key=of_all_grains.index) == bursts
    assert [
        (one.first_since, one.since, one.first_said_at, one.last_said_at) for one in bursts
    ] == [
        (date(2026, 6, 1), date(2026, 6, 1), *2 * (_FIRST + timedelta(days=9),)),
        (date(2026, 2, 16), date(2026, 2, 23), _FIRST, _FIRST + timedelta(days=3)),
    ]
    # no search of today finds them: that is said, not made up
    assert bursts[0].ratio is None
