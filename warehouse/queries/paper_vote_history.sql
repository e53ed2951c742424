-- The votes of one paper at each look that shows any, the oldest first.
-- saved: $paper
select distinct
    captured_at,
    feed_id,
    votes,
    comments
from core.paper_metric
where paper_id = $paper and votes is not null
order by captured_at nulls first, feed_id, votes
