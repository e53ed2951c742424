-- four weeks hold what their days hold, and the mix of papers has every paper once per attribute
select
    period.feed_id,
    period.grain,
    period.period_start,
    period.papers,
    sum(day.papers)::bigint as papers_counted,
    null as attribute
from mart.feed_coverage as period
inner join mart.feed_coverage as day
    on day.feed_id = period.feed_id
    and day.grain = 'day'
    and day.period_start >= period.period_start
    and day.period_start < period.period_start + 28
where period.grain = 'four-weeks'
group by all
having period.papers <> sum(day.papers) or period.days <> count(*)
union all
select
    feed_id,
    grain,
    period_start,
    coverage.papers,
    coalesce(sum(mix.papers), 0)::bigint as papers_counted,
    attribute
from (
    select
        feed_id,
        grain,
        period_start,
        papers,
        unnest(['age', 'category', 'id', 'text']) as attribute
    from mart.feed_coverage
    where grain <> 'day'
) as coverage
full join mart.feed_mix as mix using (feed_id, grain, period_start, attribute)
group by all
having coalesce(sum(mix.papers), 0) is distinct from coverage.papers
