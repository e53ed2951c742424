-- What is rising in the newest period of each grain of each daily list: rows of ops.trend_said. Of
-- the stretches, the newest that was searched counts: what rose at the end of an earlier one does not
-- rise now.
-- saved:
select
    period.feed_id,
    period.topic_id,
    period.grain,
    period.period_start,
    period.papers,
    period.observed,
    period.growth,
    period.growth_low,
    burst.start_period as since,
    burst.strength
from mart.topic_period as period
inner join mart.topic_burst as burst
    on burst.is_shown
    and burst.feed_id = period.feed_id
    and burst.topic_id = period.topic_id
    and burst.grain = period.grain
    and burst.stretch = period.stretch
    and burst.end_period is null
inner join mart.trend_list as list
    on list.feed_id = period.feed_id
    and list.grain = period.grain
    and list.stretch = period.stretch
    and list.last_period = period.period_start
inner join core.newest_stretch() as newest
    on newest.feed_id = list.feed_id
    and newest.grain = list.grain
    and newest.stretch = list.stretch
where period.is_rising
order by period.feed_id, period.grain, period.topic_id
