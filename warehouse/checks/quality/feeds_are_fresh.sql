-- one daily list: up to when we know it, and the age of that moment by the real clock. A look knows a
-- list as of captured_at, but no longer than that list was the newest one, which ends with the
-- cut-off of the next expected day: so a backfill of old days makes no feed fresh. A look that does
-- not state its time was taken on the date of its list at the earliest
with days as (
    select
        feed_id,
        feed_date,
        min(cutoff_at) filter (is_expected) over (
            partition by feed_id
            order by feed_date
            rows between 1 following and unbounded following
        ) as newest_until
    from core.feed_day
),

captures as (
    select
        capture.feed_id,
        capture.captured_at,
        coalesce(capture.feed_date, max(entry.stated_date)) as feed_date
    from raw.capture as capture
    left join raw.entry as entry
        on entry.capture_id = capture.capture_id
        and entry.stated_date is not null
    where capture.kind = 'daily_list' and capture.state = 'loaded'
    group by capture.feed_id, capture.capture_id, capture.captured_at, capture.feed_date
),

looks as (
    select
        capture.feed_id,
        capture.captured_at,
        case
            when capture.captured_at > days.newest_until then days.newest_until
            else coalesce(capture.captured_at, capture.feed_date::timestamp)
        end as fresh_at
    from captures as capture
    left join days using (feed_id, feed_date)
)

select
    feed_id,
    count(*) as captures,
    max(captured_at)::varchar as newest_captured_at,
    max(fresh_at)::varchar as fresh_at,
    round(epoch($now::timestamp - max(fresh_at)) / 3600, 1) as hours_old,
    round(hours_old / 24, 1) as days_old
from looks
group by feed_id
order by hours_old desc, feed_id
