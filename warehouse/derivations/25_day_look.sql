-- day_look, one row per look at a daily list and day that it shows: whether it is the whole list of
-- the day, and if not, why.
-- list_page: the captures of daily lists; row_day: the days of looks of which each entry states its
-- own, and so has none for all.
create or replace temp table list_page as
select
    capture_id,
    feed_id,
    feed_date,
    captured_at,
    look_id,
    page,
    has_next,
    entries_seen,
    is_truncated,
    cut_reason,
    state,
    reason,
    decision,
    coalesce(look_id, capture_id) as look,
    -- of our own, and of another day than was asked for: a failed look, and no list of the day
    look_id is not null
    and state = 'held'
    and coalesce(starts_with(reason, 'date_conflict'), false) as is_misdated
from raw.capture
where kind = 'daily_list';

create or replace temp table row_day as
select
    pages.feed_id,
    entry.stated_date as feed_date,
    pages.look,
    count(*) as entries_seen,
    count(distinct pages.capture_id) as captures
from list_page as pages
inner join raw.entry as entry using (capture_id)
where pages.feed_date is null and entry.stated_date is not null
group by pages.feed_id, entry.stated_date, pages.look;

create or replace temp table day_look as
with all_looks as (
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
    from list_page
    group by feed_id, feed_date, look
    having bool_or(state = 'loaded')
),

papers_on_pages as (
    select
        pages.look,
        entry.own_id,
        count(distinct pages.page) as page_count
    from list_page as pages
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

-- the hours in which a look may have ended that a failure belongs to: to hold all failures of a feed
-- against all of its looks takes the square of them
failed_hours as (
    select
        *,
        unnest([
            date_trunc('hour', failed_at),
            date_trunc('hour', failed_at) - interval 1 hour
        ]) as ended_in
    from raw.failed_look
),

-- what failed within the hour after the last page of a look of ours, and before the next look
failures_after as (
    select
        looks.feed_id,
        looks.feed_date,
        failed.failed_at,
        failed.reason,
        max(struct_pack(ended_at := looks.ended_at, look := looks.look)) as newest
    from failed_hours as failed
    inner join all_looks as looks
        on looks.feed_id = failed.feed_id
        and date_trunc('hour', looks.ended_at) = failed.ended_in
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
)

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
    row_day.feed_id,
    row_day.feed_date,
    row_day.look,
    looks.captured_at,
    row_day.entries_seen,
    looks.cut_because,
    false as is_cut,
    looks.is_cut as is_partial
from row_day
inner join looks on looks.look = row_day.look and looks.feed_date is null;
