-- the first and the last day on which something was seen
select
    min(coalesce(captured_at, feed_date::timestamp, loaded_at))::date as first_date,
    max(coalesce(captured_at, feed_date::timestamp, loaded_at))::date as last_date
from raw.capture
