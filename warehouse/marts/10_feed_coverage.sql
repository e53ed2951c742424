-- mart.feed_coverage, one row per period of each daily list.
create or replace temp table coverage_before as
from mart.feed_coverage;

delete from mart.feed_coverage;

insert into mart.feed_coverage by name
with grains as (
    select unnest(['day', 'week', 'four-weeks', 'month']) as grain
),

clocks as (
    select
        feed_id,
        max(last_captured_at) as clock_at
    from core.feed_day
    group by feed_id
),

weeks as (
    select
        feed_id,
        date_trunc('week', feed_date)::date as week_start
    from core.feed_day
    inner join clocks using (feed_id)
    group by feed_id, week_start
    -- by the clock of the feed; where no look states its time, by the end of the ledger
    having
        count(*) = 7
        and coalesce(max(deadline_at) filter (is_expected) <= any_value(clock_at), true)
),

-- four weeks are counted back from the newest week that is over
anchors as (
    select
        feed_id,
        max(week_start) + 7 as anchor
    from weeks
    group by feed_id
),

days as (
    select
        day.*,
        grain,
        core.period_of(grain, day.feed_date, anchor) as period_start
    from core.feed_day as day
    cross join grains
    left join anchors using (feed_id)
    where grain <> 'four-weeks' or anchor is not null
),

new_papers as (
    select
        feed_id,
        first_feed_date as feed_date,
        count(*)::integer as papers
    from core.feed_paper
    group by feed_id, first_feed_date
),

periods as (
    select
        feed_id,
        grain,
        period_start,
        count(*)::integer as days,
        (count(*) filter (is_expected))::integer as expected_days,
        (count(*) filter (
            is_expected and state in ('loaded', 'open', 'truncated', 'partial')
        ))::integer as usable_days,
        (count(*) filter (is_complete))::integer as complete_days,
        count(*) filter (state = 'closed') as closed_days,
        (count(*) filter (
            is_expected and state in ('missing', 'outage', 'held')
        ))::integer as missing_days,
        coalesce(sum(new_papers.papers), 0)::integer as papers,
        count(*) = date_diff('day', period_start, (period_start + case grain
            when 'day' then interval 1 day
            when 'week' then interval 7 day
            when 'four-weeks' then interval 28 day
            else interval 1 month
        end)::date)
        and coalesce(max(deadline_at) filter (is_expected) <= any_value(clock_at), true) as is_whole
    from days
    left join clocks using (feed_id)
    left join new_papers using (feed_id, feed_date)
    group by feed_id, grain, period_start
)

select
    * exclude (closed_days),
    usable_days / nullif(expected_days, 0) as coverage_share,
    complete_days / nullif(days - closed_days, 0) as complete_share,
    is_whole
    and papers > 0
    and coalesce(usable_days / nullif(expected_days, 0) >= 0.6, false) as is_testable
from periods
order by feed_id, grain, period_start;
