-- a row per daily list: its dates, and up to when it was looked at
with dated as (
    select
        feed_id,
        feed_date as first_date,
        feed_date as last_date,
        captured_at
    from raw.capture
    where
        kind = 'daily_list'
        and feed_date is not null
        and decision is distinct from 'retract'
        and (state = 'loaded' or coalesce(feed_date <= captured_at::date + 1, true))
        -- a capture held for its date neither begins the ledger nor ends it
        and not coalesce(
            regexp_matches(
                reason, '^(implausible_date|date_conflict|feed_date_ahead|captured_at_ahead):'
            ),
            false
        )
    union all by name
    -- captures of which each entry states its day
    select
        capture.feed_id,
        min(entry.stated_date) as first_date,
        max(entry.stated_date) as last_date,
        capture.captured_at
    from raw.entry as entry
    inner join raw.capture as capture using (capture_id)
    where capture.feed_date is null and entry.stated_date is not null
    group by capture.feed_id, capture.capture_id, capture.captured_at
)

select
    feed_id,
    min(first_date) as first_date,
    max(last_date) as last_date,
    max(captured_at) as clock_at
from dated
group by feed_id
order by feed_id
