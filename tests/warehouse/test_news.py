"""Which bursts are one: what publications said, told apart by the periods that they said it of."""

from datetime import date, datetime, timedelta

import duckdb

from warehouse.migrate import migrate, read_query, read_sql_file
from warehouse.news import NEVER, read_climbing_news, read_said_bursts, read_watched, told_once
from warehouse.news_values import Watch

_FIRST = datetime.fromisoformat("2026-03-01T06:00:00")

_TABLES = """
create schema raw;
create schema core;
create schema mart;
create schema ops;
create table ops.publication as select timestamp '2026-03-20' as newest_captured_at;
create table core.feed as
from (values ('daily', 'site'), ('other', 'site')) as feeds(feed_id, family);
create table raw.content as
from (values
    ('t1', 'A Draft about Tool', 'Calling is old.', ['Ann Reed']),
    ('t2', 'A Paper', 'Calling is old.', ['Ann Reed']),
    ('t3', 'A Final Paper', 'Calling is old.', ['Ann Reed'])
) as texts(content_id, title, abstract, authors);
create table core.paper as
select 'p' as paper_id, 'A Draft about Tool' as title, 't1' as content_id;
create table mart.paper as
select
    'p' as paper_id, 'A Draft about Tool' as title, 'u' as url,
    date '2026-03-01' as first_feed_date;
create table mart.paper_publication as
select 'p' as paper_id, timestamp '2026-03-02' as first_published_at;
create table core.paper_topic as
select 'p' as paper_id, 'agents' as topic_id, 't/1' as taxonomy_version;
create table core.topic as
select 'agents' as topic_id, 'Agents of all kinds' as name, 't/1' as taxonomy_version;
create table core.paper_version as
from (values
    ('p', 'site', 1, timestamp '2026-03-01', 'k1', 't1'),
    ('p', 'site', 2, timestamp '2026-03-05', 'k2', 't2'),
    ('p', 'site', 3, timestamp '2026-03-09', 'k3', 't3')
) as versions(paper_id, family, version, valid_from, content_key, content_id);
create table core.entry as
from (values
    ('p', 'daily', 'daily_list', timestamp '2026-03-05', 'k2', 'c2'),
    ('p', 'daily', 'daily_list', timestamp '2026-03-09', 'k3', 'c3'),
    ('p', 'other', 'search', timestamp '2026-03-09', 'k3', 'c4')
) as entries(paper_id, feed_id, kind, captured_at, content_key, capture_id);
create table ops.capture_origin as
from (values
    ('c2', timestamp '2026-03-05'), ('c3', timestamp '2026-03-09'), ('c4', timestamp '2026-03-09')
) as origins(capture_id, seen_at);
create table mart.paper_trend as
select
    'daily' as feed_id, 'p' as paper_id, 1 as rank, 30 as votes, 2.0 as votes_usual,
    9 as papers_of_age, 1 as age_days, 28 as gained, 24.0 as gained_in_hours,
    timestamp '2026-03-02' as captured_at;
create macro mart.trending_as_of(instant) as table
select 'daily' as feed_id, 'p' as paper_id, 1 as rank, 2 as votes, 2.0 as votes_usual
where instant >= timestamp '2026-03-01';
"""


def test_a_paper_that_is_retitled_again_is_told_again() -> None:
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        told = [
            connection.execute(
                "select title_before, title from (" + read_query("news_retitled") + ")",
                {"feeds": ["daily"], "since": datetime.fromisoformat(f"2026-03-{day:02}")},
            ).fetchall()
            for day in (1, 6, 10)
        ]
    assert told == [[("A Paper", "A Final Paper")], [("A Paper", "A Final Paper")], []]


def test_a_paper_that_stood_high_with_usual_votes_is_new_when_it_climbs() -> None:
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        before = datetime.fromisoformat("2026-03-01")
        told = read_climbing_news(connection, ["daily"], before + timedelta(days=2), before)
    assert [one.is_new for one in told] == [True]


def test_a_watched_paper_belongs_to_one_of_the_feeds_that_are_asked_about() -> None:
    lists = [Watch("w", "W", ("agents",), ("tool calling", "calling is"), ())]
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        told = [
            [
                (one.feed_id, one.matched)
                for one in read_watched(connection, feeds, NEVER, lists, candidates)
            ]
            for feeds, candidates in (
                (["other"], None),
                (["other"], ["daily", "other"]),
                (["daily"], ["daily", "other"]),
            )
        ]
    # people read the name of a topic, and no phrase goes from the title to the abstract
    matched = ("topic Agents of all kinds", "phrase calling is")
    assert told == [
        [("other", matched)],
        [],
        [("daily", matched)],
    ]


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
    # it is no longer said from the next publication on
    assert [one.unsaid_at for one in bursts] == [None, _FIRST + timedelta(days=4)]
    # no search of today finds them: that is said, not made up
    assert bursts[0].ratio is None


def test_a_topic_that_rose_at_the_end_of_an_earlier_stretch_is_not_said_to_rise() -> None:
    spring, autumn = date(2026, 3, 2), date(2026, 9, 7)
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema core;
            create schema mart;
            create table mart.trend_list as
            select 'daily' as feed_id, 'week' as grain, * from (values
                (1, date '2026-03-02', 9), (2, date '2026-09-07', 9), (3, date '2026-11-02', 0)
            ) as rows(stretch, last_period, topics);
            create table mart.topic_burst as
            select
                'daily' as feed_id, 'agents' as topic_id, 'week' as grain, 1 as stretch,
                true as is_shown, date '2026-02-02' as start_period, null::date as end_period,
                9.5 as strength;
            create table mart.topic_period as
            select
                feed_id, 'agents' as topic_id, grain, stretch, last_period as period_start,
                5 as papers, 50 as observed, 1.0 as growth, 0.5 as growth_low, true as is_rising
            from mart.trend_list where topics > 0;
            """
        )
        connection.execute(read_sql_file("views/74_newest_stretch"))
        assert connection.execute(read_query("said_rising")).fetchall() == []
        connection.execute("update mart.topic_burst set stretch = 2, start_period = ?", [spring])
        (said,) = connection.execute(read_query("said_rising")).fetchall()
    assert (said[3], said[8]) == (autumn, spring)


_RETITLED = """
    create schema core; create schema raw; create schema ops; create schema mart;
    create table core.feed as select 'daily' as feed_id, 'api' as family;
    create table mart.paper as select 'p' as paper_id, 'u' as url, date '2026-03-01' as
        first_feed_date;
    create table raw.content as select * from (values ('a', 'Old'), ('b', 'New'), ('c', 'Newer'))
        as rows(content_id, title);
    create table core.paper_version as
        select 'p' as paper_id, 'api' as family, *, content_id as content_key
        from (values (1, timestamp '2026-03-01', 'a'), (2, timestamp '2026-03-02', 'b'),
            (3, timestamp '2026-03-04', 'c')) as rows(version, valid_from, content_id);
    create table core.entry as
        select paper_id, 'daily' as feed_id, valid_from as captured_at, content_key,
            content_id as capture_id
        from core.paper_version;
    create table ops.capture_origin as
        select capture_id, captured_at + interval 1 hour as seen_at from core.entry;
    create table ops.publication as select timestamp '2026-03-04' as newest_captured_at;
"""


def test_a_paper_that_is_retitled_again_is_news_again() -> None:
    with duckdb.connect() as connection:
        connection.execute(_RETITLED)

        def retitled(since: str) -> list[tuple[str, str]]:
            values = {"feeds": ["daily"], "since": datetime.fromisoformat(since)}
            rows = connection.execute(read_query("news_retitled"), values).fetchall()
            return [(row[5], row[2]) for row in rows]

        assert retitled("2026-03-01") == [("New", "Newer")]
        assert retitled("2026-03-03") == [("New", "Newer")]
        assert retitled("2026-03-05") == []
