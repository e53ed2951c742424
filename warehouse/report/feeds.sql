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
        count(*) filter (is_expected) as expected_days,
        count(*) filter (
            is_expected and state in ('loaded', 'open', 'truncated', 'partial', 'legit_empty')
        ) as usable_days,
        min(feed_date) as first_date,
        max(feed_date) as last_date
    from core.feed_day
    group by feed_id
) as days using (feed_id)
order by feed.kind, feed.feed_id
