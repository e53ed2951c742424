-- every capture, with what the judging checks look at: what the latest run loaded, and what is
-- recent, which is the latest load and what was seen shortly before the newest look of the feed.
-- A load is judged whole, however old its captures are: nobody has judged them before. A list that
-- does not state when it was seen counts as seen on its date.
create or replace temp table judged_capture as
with latest as (
    select max(run_id) as run_id
    from raw.capture
),

captures as (
    select
        *,
        coalesce(
            captured_at, if(kind = 'daily_list', feed_date::timestamp, null)
        ) as seen_at
    from raw.capture
),

newest as (
    select
        feed_id,
        max(seen_at) as seen_at
    from captures
    group by feed_id
)

select
    capture.capture_id,
    capture.feed_id,
    capture.kind,
    capture.captured_at,
    capture.entries_accepted,
    capture.entries_rejected,
    capture.run_id = latest.run_id as is_latest_load,
    capture.run_id = latest.run_id
    or coalesce(
        capture.seen_at > newest.seen_at - to_days($recent_days::integer), false
    ) as is_recent
from captures as capture
inner join newest using (feed_id)
cross join latest
