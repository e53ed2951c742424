-- The quarter in which each paper was known first, such as 2025q2: a shard of the search.
with dated as (
    select
        paper_id,
        coalesce(first_feed_date, published_date, first_seen::date) as known_date
    from core.paper
)

select
    paper_id,
    coalesce(year(known_date) || 'q' || quarter(known_date), 'undated') as quarter
from dated
order by paper_id
