-- one daily list: expected days of its whole ledger that nobody saw, and the longest run of them
with days as (
    select
        feed_id,
        feed_date,
        state,
        state in ('missing', 'outage', 'held')
        or (state = 'late' and cutoff_at <= $now::timestamp) as is_gap,
        row_number() over (partition by feed_id order by feed_date) as day_number
    from core.feed_day
    where is_expected
),

gaps as (
    select
        feed_id,
        min(feed_date) as first_date,
        max(feed_date) as last_date,
        count(*) as days
    from (
        select
            *,
            day_number - row_number() over (partition by feed_id order by feed_date) as gap_number
        from days
        where is_gap
    )
    group by feed_id, gap_number
),

longest_gaps as (
    select
        feed_id,
        arg_max(first_date || ' to ' || last_date, (days, first_date)) as longest_gap
    from gaps
    group by feed_id
)

select
    feed_id,
    count(*) as expected_days,
    count(*) filter (state = 'loaded') as loaded_days,
    count(*) filter (state = 'open') as open_days,
    count(*) filter (state = 'truncated') as truncated_days,
    count(*) filter (is_gap) as gap_days,
    longest_gap,
    round(gap_days / expected_days, 4) as gap_share
from days
left join longest_gaps using (feed_id)
group by feed_id, longest_gap
order by gap_share desc, feed_id
