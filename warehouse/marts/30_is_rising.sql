-- What the baselines and bursts of mart.topic_baseline and mart.topic_burst say of each period: rows
-- of before are looked at only where trends are new in this run, and written only where that is
-- something else.
create or replace temp table told_row as
select period.rowid as row_id
from mart.topic_period as period
left join changed_from using (feed_id, grain)
where getvariable('trends_are_new') or period.period_start >= changed_from.first_period;

update mart.topic_period as period
set expected = said.expected
from (
    select
        period.rowid as row_id,
        baseline.expected
    from told_row
    inner join mart.topic_period as period on period.rowid = told_row.row_id
    left join mart.topic_baseline as baseline
        using (feed_id, taxonomy_version, topic_id, grain, period_start)
    where period.expected is distinct from baseline.expected
) as said
where period.rowid = said.row_id;

update mart.topic_period as period
set is_rising = said.is_rising
from (
    select
        period.rowid as row_id,
        case when period.is_testable and period.grain <> 'day' then rising.row_id is not null end
            as is_rising
    from told_row
    inner join mart.topic_period as period on period.rowid = told_row.row_id
    left join (
        select distinct period.rowid as row_id
        from told_row
        inner join mart.topic_period as period on period.rowid = told_row.row_id
        inner join mart.topic_burst as burst
            using (feed_id, taxonomy_version, topic_id, grain, stretch)
        where
            burst.is_shown
            and period.is_testable
            and period.period_start >= burst.confirmed_period
            and period.period_start <= coalesce(burst.end_period, period.period_start)
    ) as rising on rising.row_id = period.rowid
) as said
where period.rowid = said.row_id and period.is_rising is distinct from said.is_rising;

drop table told_row;
