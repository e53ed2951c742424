-- The texts of the papers of a range of dates, present and past ones.
select version.content_id
from core.paper_version as version
inner join core.paper as paper using (paper_id)
where
    coalesce(paper.first_feed_date, paper.first_seen::date)
    between coalesce($first::date, date '0001-01-01') and coalesce($last::date, date '9999-12-31')
union all
select content_id
from core.paper
where
    coalesce(first_feed_date, first_seen::date)
    between coalesce($first::date, date '0001-01-01') and coalesce($last::date, date '9999-12-31')
