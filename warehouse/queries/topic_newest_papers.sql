-- The papers of one topic that daily lists showed in the last 30 days of the newest list, most votes
-- first.
-- saved: $topic, $limit = 20
select
    paper.paper_id,
    paper.title,
    min(listed.first_feed_date) as first_feed_date,
    any_value(paper.votes) as votes
from core.feed_paper as listed
inner join core.paper_topic as assigned using (paper_id)
inner join core.paper as paper using (paper_id)
where
    assigned.topic_id = $topic
    and listed.first_feed_date > (select max(first_feed_date) from core.feed_paper) - 30
group by paper.paper_id, paper.title
order by votes desc nulls last, paper.paper_id
limit $limit
