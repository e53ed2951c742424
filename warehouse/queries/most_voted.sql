select
    title,
    votes,
    url
from mart.paper
order by votes desc nulls last, paper_id
limit 5
