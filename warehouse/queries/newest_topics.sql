-- The newest testable period of each daily list: its topics, those that rise first. Without a
-- testable one, the newest period that has papers.
-- saved: $grain = 'week', $feed = null
with newest as (
    select
        feed_id,
        grain,
        arg_max(period_start, (is_testable, period_start)) as period_start
    from mart.feed_coverage
    where grain = $grain and papers > 0 and ($feed::varchar is null or feed_id = $feed::varchar)
    group by feed_id, grain
)

select
    period.*,
    topic.name,
    topic.level
from mart.topic_period as period
inner join newest using (feed_id, grain, period_start)
inner join core.topic as topic using (taxonomy_version, topic_id)
order by
    period.feed_id,
    coalesce(period.is_rising, false) desc,
    period.growth_low desc nulls last,
    period.papers desc,
    period.topic_id
