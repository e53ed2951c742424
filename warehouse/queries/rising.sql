-- The newest period of each daily list with anything observed: its topics, the surest growth first.
-- A topic is rising where chance alone would give such growth once in a thousand (with 200 topics
-- that is one false alarm in five periods), it rests on at least 3 papers, and at least three
-- fifths of the expected days of the period have a usable look.
with newest as (
    select
        feed_id,
        grain,
        max(period_start) as period_start
    from mart.topic_period
    where grain = $grain and ($feed::varchar is null or feed_id = $feed::varchar)
    group by feed_id, grain
)

select
    period.*,
    topic.name,
    topic.level,
    coalesce(
        period.growth_z >= 3.09 and period.papers >= 3 and period.coverage_share >= 0.6, false
    ) as is_rising
from mart.topic_period as period
inner join newest using (feed_id, grain, period_start)
inner join core.topic as topic using (taxonomy_version, topic_id)
order by is_rising desc, period.growth_z desc nulls last, period.papers desc, period.topic_id
