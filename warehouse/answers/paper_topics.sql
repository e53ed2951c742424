-- The topics of a paper, the surest first.
select
    assigned.paper_id,
    assigned.topic_id,
    topic.name,
    topic.level,
    round(assigned.score, 3) as score,
    assigned.method,
    assigned.is_primary
from core.paper_topic as assigned
inner join core.topic as topic using (taxonomy_version, topic_id)
where ($paper_id::varchar is null or assigned.paper_id = $paper_id)
order by assigned.paper_id, assigned.score desc, assigned.topic_id
