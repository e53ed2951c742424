-- every capture, with what the judging checks look at: what the latest run loaded, and what is
-- recent, which is the latest load and what was seen shortly before the newest look of the feed.
-- A load is judged whole, however old its captures are: nobody has judged them before.
create or replace temp table judged_capture as
with latest as (
    select max(run_id) as run_id
    from raw.capture
),

newest as (
    select
        feed_id,
        max(captured_at) as captured_at
    from raw.capture
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
        capture.captured_at > newest.captured_at - to_days($recent_days::integer), false
    ) as is_recent
from raw.capture as capture
inner join newest using (feed_id)
cross join latest
