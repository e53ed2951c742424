-- one feed that was ever looked at
select
    feed.feed_id,
    feed.name,
    feed.kind,
    counts.captures,
    counts.entries,
    counts.newest_captured_at,
    days.expected_days,
    days.usable_days,
    days.first_date,
    days.last_date
from core.feed as feed
inner join (
    select
        feed_id,
        count(*) as captures,
        sum(entries_seen)::bigint as entries,
        max(captured_at) filter (
            not coalesce(regexp_matches(reason, '^(implausible_date|captured_at_ahead):'), false)
        ) as newest_captured_at
    from raw.capture
    group by feed_id
) as counts using (feed_id)
left join (
    select
        feed_id,
        sum(expected_days)::bigint as expected_days,
        sum(usable_days)::bigint as usable_days,
        min(period_start) as first_date,
        max(period_start) as last_date
    from mart.feed_coverage
    where grain = 'day'
    group by feed_id
) as days using (feed_id)
order by feed.kind, feed.feed_id
