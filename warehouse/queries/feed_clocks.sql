-- a row per daily list: its dates, and up to when it was looked at
select
    feed_id,
    min(feed_date) as first_date,
    max(feed_date) as last_date,
    max(captured_at) as clock_at
from raw.capture
where
    kind = 'daily_list'
    and feed_date is not null
    and decision is distinct from 'retract'
    and (state = 'loaded' or coalesce(feed_date <= captured_at::date + 1, true))
    -- a capture held for its date neither begins the ledger nor ends it
    and not coalesce(regexp_matches(reason, '^(implausible_date|date_conflict|feed_date_ahead):'), false)
group by feed_id
order by feed_id
