-- The bursts of one topic that are shown, the newest first.
-- saved: $topic
select * exclude (taxonomy_version, is_shown)
from mart.topic_burst
where topic_id = $topic and is_shown
order by start_period desc, feed_id, grain
