-- core.feed_day, the ledger: one row per date of each daily list, from its first date to its clock.
-- day_look, list_page and row_day are derived just before;
-- calendar_day (feed_id, feed_date, is_expected, cutoff_at, deadline_at, clock_at) is given by the
-- flow.
create or replace temp table day_before as
select
    feed_id,
    feed_date,
    papers
from core.feed_day;

-- the days whose papers are counted: those of entries of touched papers, those of entries that were
-- replaced, and those that the ledger did not have
create or replace temp table counted_day as
select
    feed_id,
    feed_date
from touched_observation
where feed_date is not null
union
select
    feed_id,
    feed_date
from gone_day
union
select
    day.feed_id,
    day.feed_date
from calendar_day as day
anti join day_before using (feed_id, feed_date);

delete from core.feed_day;

insert into core.feed_day by name
with looked_days as (
    select
        day.feed_id,
        day.feed_date,
        count(*) as looks,
        max(looks.captured_at) as last_captured_at,
        bool_or(
            is_whole and entries_seen > 0 and coalesce(looks.captured_at >= day.cutoff_at, false)
        ) as has_final_look,
        bool_or(is_cut) as has_cut_look,
        arg_max(cut_because, place) filter (is_cut) as cut_because,
        bool_or(is_whole and entries_seen > 0) as has_whole_look,
        bool_or(is_partial) as has_partial_look,
        arg_max(cut_because, place) filter (is_partial) as partial_because,
        bool_or(
            is_whole and entries_seen = 0 and coalesce(looks.captured_at >= day.cutoff_at, false)
        ) as has_final_empty_look
    from calendar_day as day
    inner join (
        select
            *,
            not is_cut and not is_partial as is_whole,
            struct_pack(
                captured_at := coalesce(captured_at, '-infinity'::timestamp), look := look
            ) as place
        from day_look
    ) as looks using (feed_id, feed_date)
    group by day.feed_id, day.feed_date
),

capture_counts as (
    select
        feed_id,
        feed_date,
        count(*) filter (state = 'loaded') as captures,
        count(*) filter (
            state = 'held' and decision is distinct from 'retract' and not is_misdated
        ) as held,
        min(reason) filter (is_misdated) as misdated
    from list_page
    where feed_date is not null
    group by feed_id, feed_date
),

row_counts as (
    select
        feed_id,
        feed_date,
        sum(captures) as captures
    from row_day
    group by feed_id, feed_date
),

paper_counts as (
    select
        day.feed_id,
        day.feed_date,
        count(distinct alias.paper_id) as papers
    from counted_day as day
    inner join raw.capture as capture
        on capture.feed_id = day.feed_id
        and coalesce(capture.feed_date = day.feed_date, true)
    inner join raw.entry as entry
        on entry.capture_id = capture.capture_id
        and coalesce(capture.feed_date, entry.stated_date) = day.feed_date
    inner join core.paper_alias as alias on alias.alias_id = entry.own_id
    inner join core.feed as feed on feed.feed_id = day.feed_id
    where
        capture.kind = 'daily_list'
        and core.is_of_list(entry.announce_type, feed.counts_cross)
    group by day.feed_id, day.feed_date
    union all
    select day_before.*
    from day_before
    anti join counted_day using (feed_id, feed_date)
),

-- of a feed whose looks do not state their time, a list was seen no earlier than its date: so the
-- time of every list before the newest one is over
newest_untimed as (
    select
        pages.feed_id,
        max(coalesce(pages.feed_date, row_day.feed_date)) as newest_date
    from list_page as pages
    left join row_day using (look)
    where pages.state = 'loaded' and pages.captured_at is null
    group by pages.feed_id
),

failed_days as (
    select
        feed_id,
        feed_date,
        arg_max(reason, struct_pack(failed_at := failed_at, reason := reason)) as failure
    from raw.failed_look
    group by feed_id, feed_date
),

states as (
    select
        day.*,
        (coalesce(capture_counts.captures, 0) + coalesce(row_counts.captures, 0))::integer as captures,
        looked_days.last_captured_at,
        coalesce(paper_counts.papers, 0)::integer as papers,
        cut_because,
        partial_because,
        coalesce(failure, misdated) as failure,
        case
            when has_final_look then 'loaded'
            when has_cut_look then 'truncated'
            when has_whole_look then 'open'
            when has_partial_look then 'partial'
            when has_final_empty_look or (not is_expected and looks > 0) then 'legit_empty'
            when held > 0 then 'held'
            when not is_expected then 'closed'
            when coalesce(failed_days.failure, misdated) is not null and looks is null then 'outage'
            when clock_at < deadline_at and feed_date >= coalesce(newest_date, feed_date) then 'late'
            else 'missing'
        end as state
    from calendar_day as day
    left join looked_days using (feed_id, feed_date)
    left join capture_counts using (feed_id, feed_date)
    left join row_counts using (feed_id, feed_date)
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
        when 'truncated' then cut_because
        when 'partial' then 'partial evidence: ' || partial_because
        when 'open' then 'last seen before the cut-off, or at an unknown time'
        when 'legit_empty' then
            if(is_expected, 'answered empty after the cut-off', 'answered empty, and the calendar expects no list')
        when 'closed' then 'the calendar expects no list, and nobody saw one'
        when 'held' then 'every capture of the day is held'
        when 'outage' then 'every look at the day failed, the last with: ' || failure
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

-- what the ledger has no day for counts nowhere, until it has one
insert into touched_day
(
    select feed_id, feed_date from core.feed_day
    except
    select feed_id, feed_date from day_before
)
union all
(
    select feed_id, feed_date from day_before
    except
    select feed_id, feed_date from core.feed_day
)
union all
select distinct
    feed_id,
    first_feed_date
from core.feed_paper
anti join core.feed_day
    on feed_day.feed_id = feed_paper.feed_id
    and feed_day.feed_date = feed_paper.first_feed_date;

drop table day_before;
drop table counted_day;
