-- The votes of a paper at every look of a daily list that shows them, with its age then.
select
    paper_id,
    feed_id,
    captured_at,
    age_days,
    votes
from core.paper_votes
where ($paper_id::varchar is null or paper_id = $paper_id)
order by all
