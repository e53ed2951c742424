-- The papers of a topic in each daily list: those with most votes, and the newest. Of method context
-- are those whose text does not name it: they count for no share.
with ranked as (
    select
        assigned.topic_id,
        listed.feed_id,
        paper.paper_id,
        paper.title,
        listed.first_feed_date,
        paper.votes,
        assigned.method,
        row_number() over (
            partition by assigned.topic_id, listed.feed_id
            order by paper.votes desc nulls last, listed.first_feed_date desc, paper.paper_id
        ) as rank_by_votes,
        row_number() over (
            partition by assigned.topic_id, listed.feed_id
            order by listed.first_feed_date desc, paper.votes desc nulls last, paper.paper_id
        ) as rank_by_date
    from core.feed_paper as listed
    inner join core.paper_topic as assigned using (paper_id)
    inner join core.paper as paper using (paper_id)
    where ($topic_id::varchar is null or assigned.topic_id = $topic_id)
)

select *
from ranked
where least(rank_by_votes, rank_by_date) <= 10
order by topic_id, feed_id, rank_by_date
