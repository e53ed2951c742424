-- The places of the text that speak of a topic.
select
    paper_id,
    topic_id,
    field,
    span_start,
    span_end,
    surface,
    kind
from core.paper_topic_evidence
where ($paper_id::varchar is null or paper_id = $paper_id)
order by all
