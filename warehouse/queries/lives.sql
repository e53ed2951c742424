-- The life of one topic in each daily list; see mart.topic_life.
select
    feed_id,
    topic_id,
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
    curve_second_high
from mart.topic_life
where topic_id = $topic and ($feed::varchar is null or feed_id = $feed::varchar)
order by feed_id
