-- The newest weeks of one topic in each daily list, the oldest first.
-- saved: $topic, $limit = 26
select
    feed_id,
    grain,
    period_start,
    papers,
    observed,
    share,
    share_low,
    share_high,
    expected,
    is_testable,
    is_rising
from mart.topic_period
where topic_id = $topic and grain = 'week'
qualify row_number() over (partition by feed_id, grain order by period_start desc) <= $limit
order by feed_id, grain, period_start
