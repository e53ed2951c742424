-- core.feed_day, the ledger: one row per date of each daily list, from its first date to its clock.
-- calendar_day (feed_id, feed_date, is_expected, cutoff_at, deadline_at, clock_at) is given by the
-- flow.
delete from core.feed_day;

insert into core.feed_day by name
with pages as (
    select
        *,
        coalesce(look_id, capture_id) as look,
        -- of our own, and of another day than was asked for: a failed look, and no list of the day
        look_id is not null
        and state = 'held'
        and coalesce(starts_with(reason, 'date_conflict'), false) as is_misdated
    from raw.capture
    where kind = 'daily_list'
),

all_looks as (
    select
        feed_id,
        feed_date,
        look,
        bool_or(look_id is not null) as is_own,
        max(captured_at) filter (state = 'loaded') as captured_at,
        max(captured_at) as ended_at,
        sum(entries_seen) filter (state = 'loaded') as entries_seen,
        greatest(count(distinct page), 1) as page_count,
        not coalesce(bool_or(not has_next), true) as is_unfinished,
        min(reason) filter (state != 'loaded') as held_reason,
        min(cut_reason) filter (is_truncated) as cut_reason
    from pages
    group by feed_id, feed_date, look
    having bool_or(state = 'loaded')
),

papers_on_pages as (
    select
        pages.look,
        entry.own_id,
        count(distinct pages.page) as page_count
    from pages
    inner join all_looks on all_looks.look = pages.look and all_looks.page_count > 1
    inner join raw.entry as entry using (capture_id)
    group by pages.look, entry.own_id
),

repeats as (
    select
        look,
        count(*) as papers
    from papers_on_pages
    where page_count > 1
    group by look
),

-- what failed within the hour after the last page of a look of ours, and before the next look
failures_after as (
    select
        looks.feed_id,
        looks.feed_date,
        failed.failed_at,
        failed.reason,
        max(struct_pack(ended_at := looks.ended_at, look := looks.look)) as newest
    from raw.failed_look as failed
    inner join all_looks as looks
        on looks.feed_id = failed.feed_id
        and coalesce(looks.feed_date = failed.feed_date, true)
    where looks.is_own and failed.failed_at between looks.ended_at and looks.ended_at + interval 1 hour
    group by looks.feed_id, looks.feed_date, failed.failed_at, failed.reason
),

page_failures as (
    select
        feed_id,
        feed_date,
        newest.look as look,
        arg_min(reason, struct_pack(failed_at := failed_at, reason := reason)) as reason
    from failures_after
    group by all
),

judged_looks as (
    select
        all_looks.*,
        list_extract(
            ['second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'],
            page_count
        ) as ordinal,
        coalesce('the ' || ordinal || ' page', 'page ' || (page_count + 1)) as next_page,
        case
            when repeats.papers > 0 then
                'the pages overlap'
                || if(ends_with(all_looks.look, '/again'), ', also when fetched again', '')
                || ': ' || repeats.papers || if(repeats.papers = 1, ' paper', ' papers')
                || ' came twice'
            when held_reason is not null then 'a page of the list is held: ' || held_reason
            when is_unfinished then
                next_page || coalesce(' failed: ' || page_failures.reason, ' never came')
            else cut_reason
        end as cut_because,
        cut_because is not null as is_cut
    from all_looks
    left join repeats using (look)
    left join page_failures
        on page_failures.look = all_looks.look
        and page_failures.feed_date is not distinct from all_looks.feed_date
),

-- pages that overlap do not count where they were fetched again and came whole
looks as (
    select judged_looks.*
    from judged_looks
    left join judged_looks as again on again.look = judged_looks.look || '/again'
    where coalesce(again.is_cut, true)
),

-- pages of which each entry states its day
row_days as (
    select
        pages.feed_id,
        entry.stated_date as feed_date,
        pages.look,
        count(*) as entries_seen,
        count(distinct pages.capture_id) as captures
    from pages
    inner join raw.entry as entry using (capture_id)
    where pages.feed_date is null and entry.stated_date is not null
    group by pages.feed_id, entry.stated_date, pages.look
),

day_looks as (
    select
        feed_id,
        feed_date,
        look,
        captured_at,
        entries_seen,
        cut_because,
        is_cut,
        false as is_partial
    from looks
    where feed_date is not null
    union all by name
    select
        row_days.feed_id,
        row_days.feed_date,
        row_days.look,
        looks.captured_at,
        row_days.entries_seen,
        looks.cut_because,
        false as is_cut,
        looks.is_cut as is_partial
    from row_days
    inner join looks on looks.look = row_days.look and looks.feed_date is null
),

looked_days as (
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
        from day_looks
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
    from pages
    where feed_date is not null
    group by feed_id, feed_date
),

row_counts as (
    select
        feed_id,
        feed_date,
        sum(captures) as captures
    from row_days
    group by feed_id, feed_date
),

paper_counts as (
    select
        capture.feed_id,
        coalesce(capture.feed_date, entry.stated_date) as feed_date,
        count(distinct alias.paper_id) as papers
    from raw.capture as capture
    inner join raw.entry as entry using (capture_id)
    inner join core.paper_alias as alias on alias.alias_id = entry.own_id
    where
        capture.kind = 'daily_list'
        and coalesce(capture.feed_date, entry.stated_date) is not null
        and core.is_of_list(entry.announce_type)
    group by capture.feed_id, coalesce(capture.feed_date, entry.stated_date)
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
            when clock_at < deadline_at then 'late'
            else 'missing'
        end as state
    from calendar_day as day
    left join looked_days using (feed_id, feed_date)
    left join capture_counts using (feed_id, feed_date)
    left join row_counts using (feed_id, feed_date)
    left join paper_counts using (feed_id, feed_date)
    left join failed_days using (feed_id, feed_date)
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
        else if(captures > 0, 'expected, answered empty before the cut-off, never seen again', 'expected, and nobody looked')
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
