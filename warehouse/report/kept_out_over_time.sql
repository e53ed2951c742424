-- one reason for which entries were rejected, values made null or captures held, in one week or month
-- ($grain) by the time of the capture, with all of them that were seen in it; a time for which a capture
-- is held is none
with captures as (
    select
        capture_id,
        feed_id,
        entries_seen,
        state,
        reason,
        date_trunc(
            $grain,
            case
                when regexp_matches(reason, '^(implausible_date|captured_at_ahead):') then loaded_at
                when regexp_matches(reason, '^(date_conflict|feed_date_ahead):')
                    then coalesce(captured_at, loaded_at)
                else coalesce(captured_at, feed_date::timestamp, loaded_at)
            end
        )::date as period_start
    from raw.capture
),

totals as (
    select
        feed_id,
        period_start,
        sum(entries_seen)::bigint as entries,
        count(*) as captures
    from captures
    group by feed_id, period_start
),

counts as (
    select
        'entries rejected' as kind,
        captures.feed_id,
        reject.rule || coalesce(' ' || reject.field, '') as reason,
        captures.period_start,
        count(*) as count
    from raw.reject as reject
    inner join captures using (capture_id)
    group by all
    union all
    select
        'values made null',
        captures.feed_id,
        issue.rule || coalesce(' ' || issue.field, ''),
        captures.period_start,
        count(*)
    from raw.issue as issue
    inner join captures using (capture_id)
    group by all
    union all
    select
        'captures held',
        feed_id,
        split_part(coalesce(reason, 'no reason'), ':', 1),
        period_start,
        count(*)
    from captures
    where state = 'held'
    group by all
)

select
    kind,
    feed_id,
    reason,
    period_start,
    count,
    if(kind = 'captures held', totals.captures, totals.entries) as total,
    if(kind = 'captures held', 'captures', 'entries') as unit
from counts
inner join totals using (feed_id, period_start)
order by kind, feed_id, reason, period_start
