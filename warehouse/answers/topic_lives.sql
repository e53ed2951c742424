-- The life of a topic in each daily list; see mart.topic_life.
select
    topic_id,
    feed_id,
    first_seen,
    first_month,
    last_month,
    papers,
    observed,
    months,
    course,
    curve_share,
    curve_peak_date,
    curve_peak_low,
    curve_peak_high,
    curve_months_to_peak,
    curve_months_to_peak_low,
    curve_months_to_peak_high,
    curve_half_life_months,
    curve_half_life_low,
    curve_half_life_high,
    curve_second_date,
    curve_second_low,
    curve_second_high,
    is_told,
    peak_month,
    peak_share,
    months_to_peak,
    half_month,
    half_life_months,
    second_peak_month,
    last_share,
    phase
from mart.topic_life
where
    ($topic_id::varchar is null or topic_id = $topic_id)
    and ($feed_id::varchar is null or feed_id = $feed_id)
order by topic_id, feed_id
