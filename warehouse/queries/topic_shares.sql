-- The share of some topics in every period with papers of a feed, the oldest first.
select
    topic_id,
    list(share order by period_start) as shares,
    list(period_start order by period_start) as periods
from mart.topic_period
where feed_id = $feed and grain = $grain and list_contains($topics::varchar[], topic_id)
group by topic_id
