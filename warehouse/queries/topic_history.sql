-- Every period of one topic, the newest first.
-- saved: $topic, $grain = 'week', $feed = null
select
    period.*,
    topic.name,
    topic.level
from mart.topic_period as period
inner join core.topic as topic using (taxonomy_version, topic_id)
where
    period.grain = $grain
    and period.topic_id = $topic
    and ($feed::varchar is null or period.feed_id = $feed::varchar)
order by period.feed_id, period.period_start desc
