-- The captures that are held, and why: kept, and out of everything derived.
select
    feed_id,
    feed_date,
    captured_at,
    reason,
    capture_id
from raw.capture
where state = 'held'
order by captured_at desc nulls last, capture_id
