-- The bursts of a topic that are more than chance gives, the newest first.
select
    topic_id,
    feed_id,
    grain,
    start_period,
    confirmed_period,
    peak_period,
    end_period,
    papers,
    observed,
    expected,
    ratio,
    strength
from mart.topic_burst
where is_shown and ($topic_id::varchar is null or topic_id = $topic_id)
order by topic_id, start_period desc, feed_id, grain
