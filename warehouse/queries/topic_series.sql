-- The counts of each topic in each testable period but days; general topics are no trend.
select
    period.feed_id,
    period.grain,
    period.stretch,
    period.taxonomy_version,
    period.topic_id,
    period.period_start,
    period.papers::bigint as papers,
    period.observed::bigint as observed
from mart.topic_period as period
inner join core.topic as topic using (taxonomy_version, topic_id)
where period.is_testable and period.grain <> 'day' and topic.level <> 'general'
order by all
