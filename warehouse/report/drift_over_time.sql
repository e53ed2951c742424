-- one source field of one feed that is new or gone, in one week or month ($grain) by the time of the
-- capture; what no capture of the feed ever showed is not gone
with captures as (
    select
        capture_id,
        feed_id,
        entries_accepted + entries_rejected as entries,
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
        sum(entries)::bigint as entries
    from captures
    group by feed_id, period_start
),

full_captures as (
    select
        feed_id,
        count(*) as captures
    from captures
    where entries > 0
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
)

select
    'field ' || case drift when 'vanished' then 'gone' else drift end as kind,
    feed_id,
    field as reason,
    period_start,
    sum(entry_count)::bigint as count,
    any_value(totals.entries) as total,
    'entries' as unit
from raw.field_drift
inner join captures using (capture_id)
inner join totals using (feed_id, period_start)
anti join never_shown using (feed_id, drift, field)
group by feed_id, drift, field, period_start
order by kind, feed_id, reason, period_start
