-- the first and the last day on which something was seen; a time for which a capture is held is none
with seen as (
    select
        case
            when regexp_matches(reason, '^(implausible_date|captured_at_ahead):') then loaded_at
            when regexp_matches(reason, '^(date_conflict|feed_date_ahead):')
                then coalesce(captured_at, loaded_at)
            else coalesce(captured_at, feed_date::timestamp, loaded_at)
        end as seen_at
    from raw.capture
)

select
    min(seen_at)::date as first_date,
    max(seen_at)::date as last_date
from seen
