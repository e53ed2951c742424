-- what was kept out and which fields are others than before, in one week or month ($grain) by the time
-- of the capture: one reason for which entries were rejected, values made null or captures held, or
-- one source field that is new or gone, with all of them that were seen in it. A time for which a
-- capture is held is none; a field that no capture of the feed ever showed is not gone
with captures as (
    select
        capture_id,
        feed_id,
        entries_seen,
        entries_accepted + entries_rejected as entries_read,
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
        sum(entries_seen)::bigint as entries_seen,
        sum(entries_read)::bigint as entries_read,
        count(*) as captures
    from captures
    group by feed_id, period_start
),

full_captures as (
    select
        feed_id,
        count(*) as captures
    from captures
    where entries_read > 0
    group by feed_id
),

never_shown as (
    select
        feed_id,
        drift,
        field
    from raw.field_drift
    inner join captures using (capture_id)
    inner join full_captures using (feed_id)
    where drift = 'vanished'
    group by feed_id, drift, field, full_captures.captures
    having count(*) >= full_captures.captures
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
    union all
    select
        'field ' || case drift when 'vanished' then 'gone' else drift end,
        captures.feed_id,
        drifted.field,
        captures.period_start,
        sum(drifted.entry_count)::bigint
    from raw.field_drift as drifted
    inner join captures using (capture_id)
    anti join never_shown
        on never_shown.feed_id = captures.feed_id
        and never_shown.drift = drifted.drift
        and never_shown.field = drifted.field
    group by all
)

select
    kind,
    feed_id,
    reason,
    period_start,
    count,
    case
        when kind = 'captures held' then totals.captures
        when kind in ('entries rejected', 'values made null') then totals.entries_seen
        else totals.entries_read
    end as total,
    if(kind = 'captures held', 'captures', 'entries') as unit
from counts
inner join totals using (feed_id, period_start)
order by kind, feed_id, reason, period_start
