-- The topics of one paper, the likeliest first.
-- saved: $paper
select
    assigned.topic_id,
    topic.name,
    assigned.score,
    assigned.method
from core.paper_topic as assigned
inner join core.topic as topic using (taxonomy_version, topic_id)
where assigned.paper_id = $paper
order by assigned.score desc, assigned.topic_id
