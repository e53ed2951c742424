-- core.feed_day, the ledger: one row per date of each daily list, from its first date to its clock.
-- calendar_day (feed_id, feed_date, is_expected, cutoff_at, deadline_at, clock_at) is given by the
-- flow.
delete from core.feed_day;

insert into core.feed_day by name
with looks as (
    select
        feed_id,
        feed_date,
        coalesce(look_id, capture_id) as look_id,
        max(captured_at) filter (state = 'loaded') as captured_at,
        sum(entries_seen) filter (state = 'loaded') as entries_seen,
        -- a look of which a page is held or retracted is no whole one
        bool_or(is_truncated or state != 'loaded')
        or not coalesce(bool_or(not has_next), true) as is_cut
    from raw.capture
    where kind = 'daily_list' and feed_date is not null
    group by feed_id, feed_date, coalesce(look_id, capture_id)
    having bool_or(state = 'loaded')
),

looked_days as (
    select
        day.feed_id,
        day.feed_date,
        count(*) as looks,
        max(looks.captured_at) as last_captured_at,
        bool_or(
            not is_cut and entries_seen > 0 and coalesce(looks.captured_at >= day.cutoff_at, false)
        ) as has_final_look,
        bool_or(is_cut) as has_cut_look,
        bool_or(not is_cut and entries_seen > 0) as has_whole_look,
        bool_or(
            not is_cut and entries_seen = 0 and coalesce(looks.captured_at >= day.cutoff_at, false)
        ) as has_final_empty_look
    from calendar_day as day
    inner join looks using (feed_id, feed_date)
    group by day.feed_id, day.feed_date
),

capture_counts as (
    select
        feed_id,
        feed_date,
        count(*) filter (state = 'loaded') as captures,
        count(*) filter (state = 'held' and decision is distinct from 'retract') as held
    from raw.capture
    where kind = 'daily_list' and feed_date is not null
    group by feed_id, feed_date
),

paper_counts as (
    select
        capture.feed_id,
        capture.feed_date,
        count(distinct alias.paper_id) as papers
    from raw.capture as capture
    inner join raw.entry as entry using (capture_id)
    inner join core.paper_alias as alias on alias.alias_id = entry.own_id
    inner join core.feed as feed using (feed_id)
    where
        capture.kind = 'daily_list'
        and capture.feed_date is not null
        and core.is_of_list(entry.announce_type, feed.counts_cross)
    group by capture.feed_id, capture.feed_date
),

-- of a feed whose looks do not state their time, a list was seen no earlier than its date: so the
-- time of every list before the newest one is over
newest_untimed as (
    select
        feed_id,
        max(feed_date) as newest_date
    from raw.capture
    where kind = 'daily_list' and state = 'loaded' and captured_at is null
    group by feed_id
),

failed_days as (
    select
        feed_id,
        feed_date,
        count(*) as failures
    from raw.failed_look
    group by feed_id, feed_date
),

states as (
    select
        day.*,
        coalesce(capture_counts.captures, 0)::integer as captures,
        looked_days.last_captured_at,
        coalesce(paper_counts.papers, 0)::integer as papers,
        case
            when has_final_look then 'loaded'
            when has_cut_look then 'truncated'
            when has_whole_look then 'open'
            when has_final_empty_look or (not is_expected and looks > 0) then 'legit_empty'
            when held > 0 then 'held'
            when not is_expected then 'closed'
            when failures > 0 and looks is null then 'outage'
            when clock_at < deadline_at and feed_date >= coalesce(newest_date, feed_date) then 'late'
            else 'missing'
        end as state
    from calendar_day as day
    left join looked_days using (feed_id, feed_date)
    left join capture_counts using (feed_id, feed_date)
    left join paper_counts using (feed_id, feed_date)
    left join failed_days using (feed_id, feed_date)
    left join newest_untimed using (feed_id)
)

select
    feed_id,
    feed_date,
    state,
    case state
        when 'loaded' then 'a whole list was seen after the cut-off'
        when 'truncated' then 'the list was cut at the page limit'
        when 'open' then 'last seen before the cut-off, or at an unknown time'
        when 'legit_empty' then
            if(is_expected, 'answered empty after the cut-off', 'answered empty, and the calendar expects no list')
        when 'closed' then 'the calendar expects no list, and nobody saw one'
        when 'held' then 'every capture of the day is held'
        when 'outage' then 'every look at the day failed'
        when 'late' then 'expected, and the deadline has not passed'
        else case
            when captures = 0 then 'expected, and nobody looked'
            when last_captured_at is null then 'expected, answered empty at an unknown time, never seen again'
            else 'expected, answered empty before the cut-off, never seen again'
        end
    end as reason,
    captures,
    last_captured_at,
    papers,
    state in ('loaded', 'legit_empty') as is_complete,
    is_expected,
    cutoff_at,
    deadline_at,
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at
from states
order by feed_id, feed_date;
