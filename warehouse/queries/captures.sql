-- a row per capture; null means any feed, date or state
-- saved: $feed = null, $feed_date = null, $state = null
select
    capture_id,
    feed_id,
    feed_date,
    captured_at,
    state,
    entries_seen,
    entries_accepted,
    entries_rejected,
    is_truncated,
    reason
from raw.capture
where
    ($feed::varchar is null or feed_id = $feed)
    and ($feed_date::date is null or feed_date = $feed_date::date)
    and ($state::varchar is null or state = $state)
order by feed_id, feed_date nulls first, captured_at nulls first, capture_id
