-- The topics that papers have: how many papers in all, and how many of them their text names.
select
    topic.topic_id,
    topic.name,
    topic.level,
    parent.name as parent,
    count(*) as papers,
    count(*) filter (assigned.method = 'dictionary') as papers_naming_it
from core.topic as topic
inner join core.paper_topic as assigned using (taxonomy_version, topic_id)
left join core.topic as parent
    on parent.taxonomy_version = topic.taxonomy_version and parent.topic_id = topic.parent_id
where ($topic_id::varchar is null or topic.topic_id = $topic_id)
group by all
order by topic.name
