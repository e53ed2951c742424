-- mart.feed_mix, one row per value of an attribute in a period of a daily list.
-- A row depends on the papers that first stood on the list in its period: periods without a touched day
-- are left as they are, unless four weeks begin elsewhere than before.
create or replace temp table mixed_day as
with grains as (
    select unnest(['week', 'four-weeks', 'month']) as grain
),

anchors as (
    select
        feed_id,
        min(period_start) filter (grain = 'four-weeks') as anchor
    from mart.feed_coverage
    group by feed_id
),

anchors_before as (
    select
        feed_id,
        min(period_start) filter (grain = 'four-weeks') as anchor
    from coverage_before
    group by feed_id
),

-- of which everything is counted anew
whole as (
    select
        feed_id,
        grain
    from anchors
    full join anchors_before using (feed_id)
    cross join grains
    where
        (grain = 'four-weeks' and anchors.anchor is distinct from anchors_before.anchor)
        or feed_id not in (select feed_id from mart.feed_mix)
),

known_days as (
    select
        feed_id,
        feed_date,
        true as is_there
    from core.feed_day
    union all
    select
        touched_day.*,
        false
    from touched_day
    anti join core.feed_day using (feed_id, feed_date)
),

placed as (
    select
        known_days.*,
        grain,
        core.period_of(grain, feed_date, anchor) as period_start
    from known_days
    cross join grains
    left join anchors using (feed_id)
    where grain <> 'four-weeks' or anchor is not null
)

select
    placed.*,
    whole.feed_id is not null as is_whole
from placed
left join whole using (feed_id, grain)
where
    whole.feed_id is not null
    or (feed_id, grain, period_start) in (
        select (feed_id, grain, period_start)
        from placed
        semi join touched_day using (feed_id, feed_date)
    )
union all
-- where no day is left
select
    feed_id,
    null,
    false,
    grain,
    null,
    true
from whole;

delete from mart.feed_mix
where
    (feed_id, grain, period_start) in (select (feed_id, grain, period_start) from mixed_day)
    or (feed_id, grain) in (select (feed_id, grain) from mixed_day where is_whole);

create or replace temp table mixed_alias as
select
    listed.feed_id,
    listed.paper_id,
    listed.first_feed_date,
    alias.alias_id
from core.feed_paper as listed
semi join (from mixed_day where is_there) as day
    on day.feed_id = listed.feed_id
    and day.feed_date = listed.first_feed_date
inner join core.paper_alias as alias using (paper_id);

insert into mart.feed_mix by name
with said as (
    select
        mixed_alias.feed_id,
        mixed_alias.paper_id,
        mixed_alias.first_feed_date,
        min(entry.categories[1]) as category,
        min(split_part(entry.source_id, ':', 1)) as id
    from mixed_alias
    inner join raw.entry as entry on entry.own_id = mixed_alias.alias_id
    inner join raw.capture as capture
        on capture.capture_id = entry.capture_id
        and capture.feed_id = mixed_alias.feed_id
    inner join core.feed as feed on feed.feed_id = mixed_alias.feed_id
    where
        capture.kind = 'daily_list'
        and coalesce(capture.feed_date, entry.stated_date) is not null
        and core.is_of_list(entry.announce_type, feed.counts_cross)
    group by all
),

papers as (
    select
        said.feed_id,
        said.first_feed_date,
        said.category,
        said.id,
        case
            when said.first_feed_date - paper.published_date <= 7 then 'up to 7 days'
            when said.first_feed_date - paper.published_date <= 60 then 'up to 60 days'
            when paper.published_date is not null then 'older'
        end as age,
        -- which is null without an abstract, and cheaper to read than abstracts
        if(content.content_key is null, 'without', 'with') as text
    from said
    left join core.paper as paper using (paper_id)
    left join raw.content as content using (content_id)
),

by_day as (
    select
        feed_id,
        first_feed_date,
        attribute,
        coalesce(value, 'none') as value,
        count(*) as papers
    from papers
    cross join lateral (
        values ('age', age), ('category', category), ('id', id), ('text', text)
    ) as told(attribute, value)
    group by all
)

select
    by_day.feed_id,
    mixed_day.grain,
    mixed_day.period_start,
    by_day.attribute,
    by_day.value,
    sum(by_day.papers)::integer as papers
from by_day
-- as in mart.feed_coverage: what the ledger has no day for counts nowhere
inner join mixed_day
    on mixed_day.feed_id = by_day.feed_id
    and mixed_day.feed_date = by_day.first_feed_date
    and mixed_day.is_there
group by all
order by all;

drop table mixed_day;
drop table mixed_alias;
