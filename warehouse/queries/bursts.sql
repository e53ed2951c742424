-- The bursts that are shown, of some feed, topic and grain; those that last first, then the latest.
-- saved: $grain = 'week', $feed = null, $topic = null, $since = null
select
    burst.*,
    topic.name,
    burst.papers / burst.observed as share,
    core.share_interval(burst.papers, burst.observed).low as share_low,
    core.share_interval(burst.papers, burst.observed).high as share_high,
    list.first_period,
    list.last_period,
    (burst.end_period is null) as is_active
from mart.topic_burst as burst
inner join core.topic as topic using (taxonomy_version, topic_id)
inner join mart.trend_list as list using (feed_id, grain, stretch)
where
    burst.is_shown
    and burst.grain = $grain
    and ($feed::varchar is null or burst.feed_id = $feed::varchar)
    and ($topic::varchar is null or burst.topic_id = $topic::varchar)
    and ($since::date is null or coalesce(burst.end_period, list.last_period) >= $since::date)
order by burst.feed_id, is_active desc, burst.strength desc, burst.topic_id, burst.start_period
