-- A row per topic: how many papers have it, how many as their first topic, and what it matches.
-- saved: $topics = null
with counted as (
    select
        taxonomy_version,
        topic_id,
        count(*) as papers,
        count(*) filter (is_primary) as primary_papers
    from core.paper_topic
    group by taxonomy_version, topic_id
),

spelled as (
    select
        taxonomy_version,
        topic_id,
        list(alias order by length(alias), alias) filter (kind = 'alias') as phrases,
        list(alias order by alias) filter (kind = 'acronym') as acronyms,
        list(alias order by alias) filter (kind = 'title') as title_phrases,
        list(alias order by alias) filter (kind = 'weak') as weak_phrases
    from core.topic_alias
    group by taxonomy_version, topic_id
)

select
    topic.topic_id,
    topic.name,
    topic.level,
    topic.parent_id,
    coalesce(counted.papers, 0) as papers,
    coalesce(counted.primary_papers, 0) as primary_papers,
    coalesce(spelled.phrases, []) as phrases,
    coalesce(spelled.acronyms, []) as acronyms,
    coalesce(spelled.title_phrases, []) as title_phrases,
    coalesce(spelled.weak_phrases, []) as weak_phrases
from core.topic as topic
left join counted using (taxonomy_version, topic_id)
left join spelled using (taxonomy_version, topic_id)
where
    topic.level in ('topic', 'general')
    and ($topics::varchar[] is null or list_contains($topics::varchar[], topic.topic_id))
order by papers desc, topic.topic_id
