-- The papers of the newest so many days on which each daily list showed new ones.
with listed as (
    select
        feed_id,
        paper_id,
        first_feed_date,
        dense_rank() over (partition by feed_id order by first_feed_date desc) as day_rank
    from core.feed_paper
)

select
    listed.first_feed_date,
    listed.feed_id,
    listed.paper_id,
    paper.title,
    paper.votes,
    topic.topic_id,
    topic.name as topic
from listed
inner join core.paper as paper using (paper_id)
left join core.topic as topic on topic.topic_id = paper.primary_topic_id
where listed.day_rank <= $days
order by listed.first_feed_date desc, listed.feed_id, paper.votes desc nulls last, listed.paper_id
