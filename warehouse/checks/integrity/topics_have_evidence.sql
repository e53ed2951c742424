-- every topic of a paper is in the taxonomy and has a place in the text that speaks of it
select paper_id, topic_id, 'not in the taxonomy' as problem
from core.paper_topic anti join core.topic using (taxonomy_version, topic_id)
union all
select paper_id, topic_id, 'without evidence'
from core.paper_topic anti join core.paper_topic_evidence using (paper_id, topic_id, taxonomy_version)
