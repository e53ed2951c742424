-- The papers behind topics: of each its three with the most votes among the newest thirty.
with newest as (
    select
        assigned.topic_id,
        paper.paper_id,
        paper.title,
        paper.first_feed_date,
        paper.votes
    from core.paper_topic as assigned
    inner join core.paper as paper using (paper_id)
    where list_contains($topics::varchar[], assigned.topic_id) and paper.first_feed_date is not null
    qualify row_number() over (
        partition by assigned.topic_id
        order by paper.first_feed_date desc, paper.votes desc nulls last, paper.paper_id
    ) <= 30
)

select *
from newest
qualify row_number() over (
    partition by topic_id
    order by votes desc nulls last, paper_id
) <= 3
order by topic_id, votes desc nulls last, paper_id
