-- Whether a topic was searched for bursts in a stretch of a feed, from its first to its last period.
select count(*) > 0
from mart.topic_baseline
where
    feed_id = $feed
    and grain = $grain
    and topic_id = $topic
    and period_start between $first::date and $last::date
