-- The life of a topic in each daily list; see mart.topic_life.
select
    topic_id,
    feed_id,
    first_seen,
    papers,
    observed,
    months,
    is_told,
    peak_month,
    peak_share,
    months_to_peak,
    half_month,
    half_life_months,
    second_peak_month,
    last_month,
    last_share,
    phase
from mart.topic_life
where ($topic_id::varchar is null or topic_id = $topic_id)
order by topic_id, feed_id
