-- one feed and one reason for which captures of it are held, other than a decision of ours;
-- and the captures of the feed that are not
with captures as (
    select
        capture_id,
        feed_id,
        feed_date,
        if(
            state = 'held' and coalesce(decision, '') not in ('hold', 'retract'), reason, null
        ) as reason
    from raw.capture
)

select
    feed_id,
    reason,
    count(*) as captures,
    min(feed_date)::varchar as first_date,
    max(feed_date)::varchar as last_date,
    if(reason is null, null, min(capture_id)) as example_capture_id,
    count(reason) as held_captures
from captures
group by feed_id, reason
order by held_captures desc, feed_id, reason
