-- bursts that last at the end of the newest stretch of weeks, or else of months, of a daily list
with newest as (
    select
        feed_id,
        grain,
        max(stretch) as stretch
    from mart.trend_list
    group by feed_id, grain
)

select
    burst.feed_id,
    topic.name,
    burst.grain,
    burst.start_period,
    burst.papers,
    burst.expected
from mart.topic_burst as burst
inner join newest using (feed_id, grain, stretch)
inner join core.topic as topic using (taxonomy_version, topic_id)
where burst.is_shown and burst.status = 'active'
qualify burst.grain = max(burst.grain) over (partition by burst.feed_id, burst.topic_id)
order by burst.feed_id, burst.strength desc, topic.name
