-- one field of one feed that is new, or that was always there and is gone, in recent captures;
-- or one feed without any. What no capture of the feed ever showed is not gone.
with full_captures as (
    select
        feed_id,
        count(*) as captures
    from judged_capture
    where entries_accepted + entries_rejected > 0
    group by feed_id
),

never_shown as (
    select
        feed_id,
        drift,
        field
    from raw.field_drift
    inner join judged_capture using (capture_id)
    inner join full_captures using (feed_id)
    where drift = 'vanished'
    group by feed_id, drift, field, captures
    having count(*) >= captures
),

drifts as (
    select
        feed_id,
        drift,
        field,
        count(*) as captures,
        sum(entry_count)::bigint as entries,
        min(captured_at) as first_captured_at
    from raw.field_drift
    inner join judged_capture using (capture_id)
    where is_recent and (feed_id, drift, field) not in (from never_shown)
    group by feed_id, drift, field
)

select
    feed_id,
    drifts.drift,
    drifts.field,
    drifts.entries,
    drifts.first_captured_at::varchar as first_captured_at,
    coalesce(drifts.captures, 0) as drifted_captures
from (select distinct feed_id from judged_capture where is_recent) as feeds
left join drifts using (feed_id)
order by drifted_captures desc, feed_id, drift, field
