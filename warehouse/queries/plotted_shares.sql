-- The share of some topics in every period with papers, with the name of the topic.
select
    period.feed_id,
    topic.name,
    period.period_start,
    period.share,
    period.share_low,
    period.share_high,
    period.stretch,
    period.is_rising,
    period.expected is not null as is_compared
from mart.topic_period as period
inner join core.topic as topic using (taxonomy_version, topic_id)
where
    period.grain = $grain
    and ($feed::varchar is null or period.feed_id = $feed::varchar)
    and list_contains($topics::varchar[], period.topic_id)
order by period.feed_id, topic.name, period.period_start
