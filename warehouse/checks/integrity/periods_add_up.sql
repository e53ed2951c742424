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
    mix.feed_id,
    mix.grain,
    mix.period_start,
    coverage.papers,
    sum(mix.papers)::bigint as papers_counted,
    mix.attribute
from mart.feed_mix as mix
left join mart.feed_coverage as coverage using (feed_id, grain, period_start)
group by all
having sum(mix.papers) is distinct from coverage.papers
