-- The bursts of a topic that are more than chance gives, the newest first. One that lasts is known to
-- the last period of its stretch that can be compared, and no further.
select
    burst.topic_id,
    burst.feed_id,
    burst.grain,
    burst.start_period,
    burst.confirmed_period,
    burst.peak_period,
    burst.end_period,
    coalesce(burst.end_period, list.last_period) as known_until,
    burst.papers,
    burst.observed,
    burst.papers / burst.observed as share,
    core.share_interval(burst.papers, burst.observed).low as share_low,
    core.share_interval(burst.papers, burst.observed).high as share_high,
    burst.expected,
    burst.ratio,
    burst.strength
from mart.topic_burst as burst
inner join mart.trend_list as list using (feed_id, grain, stretch)
where burst.is_shown and ($topic_id::varchar is null or burst.topic_id = $topic_id)
order by burst.topic_id, burst.start_period desc, burst.feed_id, burst.grain
