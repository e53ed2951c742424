-- The share of a topic in each week and month of each daily list, with its 95 % interval.
select
    topic_id,
    feed_id,
    grain,
    period_start,
    papers,
    observed,
    share,
    share_low,
    share_high,
    growth,
    growth_low,
    growth_high,
    expected,
    is_testable,
    stretch,
    is_rising
from mart.topic_period
where
    grain <> 'day'
    and ($topic_id::varchar is null or topic_id = $topic_id)
    and ($grain::varchar is null or grain = $grain)
order by topic_id, feed_id, grain, period_start
