-- mart.feed_mix, one row per value of an attribute in a period of a daily list.
delete from mart.feed_mix;

insert into mart.feed_mix by name
with anchors as (
    select
        feed_id,
        min(period_start) as anchor
    from mart.feed_coverage
    where grain = 'four-weeks'
    group by feed_id
),

said as (
    select
        feed_id,
        paper_id,
        min(feed_date) as first_feed_date,
        min(categories[1]) as category,
        min(split_part(source_id, ':', 1)) as id
    from core.entry
    where is_of_list and feed_date is not null
    group by feed_id, paper_id
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
    -- as in mart.feed_coverage: what the ledger has no day for counts nowhere
    inner join core.feed_day as day
        on day.feed_id = said.feed_id and day.feed_date = said.first_feed_date
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
    grain,
    core.period_of(grain, by_day.first_feed_date, anchor) as period_start,
    by_day.attribute,
    by_day.value,
    sum(by_day.papers)::integer as papers
from by_day
cross join (select unnest(['week', 'four-weeks', 'month']) as grain)
left join anchors using (feed_id)
where grain <> 'four-weeks' or anchor is not null
group by all
order by all;
