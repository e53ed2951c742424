-- one daily list: expected days of its recent ledger that nobody saw
with days as (
    select
        feed_id,
        feed_date,
        state,
        state in ('missing', 'outage', 'held')
        or (state = 'late' and cutoff_at <= $now::timestamp) as is_gap,
        max(feed_date) over (partition by feed_id) as newest_date
    from core.feed_day
    where is_expected
)

select
    feed_id,
    min(feed_date)::varchar as first_date,
    max(feed_date)::varchar as last_date,
    count(*) as expected_days,
    count(*) filter (is_gap) as gap_days,
    string_agg(feed_date || ' ' || state, ', ' order by feed_date desc) filter (is_gap) as gaps
from days
where feed_date > newest_date - $recent_days::integer
group by feed_id
order by gap_days desc, feed_id
