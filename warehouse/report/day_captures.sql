-- the captures of one day of one feed
select
    feed_id,
    feed_date::varchar as feed_date,
    list(capture_id[:12] order by captured_at nulls first, capture_id) as captures
from raw.capture
group by feed_id, feed_date
