-- The papers behind a topic in one feed, new there from one date to another: those with most votes.
select
    assigned.topic_id,
    paper.paper_id,
    paper.title,
    listed.first_feed_date,
    paper.votes
from core.feed_paper as listed
inner join core.paper_topic as assigned using (paper_id)
inner join core.paper as paper using (paper_id)
where
    listed.feed_id = $feed
    and assigned.topic_id = $topic
    and assigned.method = 'dictionary'
    and listed.first_feed_date between $first::date and $last::date
order by paper.votes desc nulls last, listed.first_feed_date desc, paper.paper_id
limit $limit
