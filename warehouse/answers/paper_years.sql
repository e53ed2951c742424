-- The year in which each paper was known first, 0 for none: a shard of the search.
select
    paper_id,
    coalesce(year(coalesce(first_feed_date, published_date, first_seen::date)), 0) as year
from core.paper
order by paper_id
