-- The ledger: a row per day of each daily list, the newest first.
select
    feed_id,
    feed_date,
    state,
    reason,
    is_expected,
    papers,
    captures,
    last_captured_at
from core.feed_day
where
    ($feed_id::varchar is null or feed_id = $feed_id)
    and ($feed_date::date is null or feed_date = $feed_date::date)
order by feed_date desc, feed_id
