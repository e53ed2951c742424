-- What each daily list can say: the newest stretch that was searched, or else the newest.
-- saved: $grain = 'week', $feed = null
select
    *,
    (
        select any_value(coverage.stretch_begins)
        from mart.feed_coverage as coverage
        where
            coverage.feed_id = list.feed_id
            and coverage.grain = list.grain
            and coverage.stretch = list.stretch
    ) as stretch_begins,
    (select max(day.feed_date) from core.feed_day as day where day.feed_id = list.feed_id) as newest_day
from mart.trend_list as list
where ($feed::varchar is null or feed_id = $feed::varchar) and grain = $grain
qualify row_number() over (partition by feed_id order by topics > 0 desc, stretch desc) = 1
order by feed_id
