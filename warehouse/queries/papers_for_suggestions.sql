-- The newest papers of the daily lists, or of one, with their texts; the oldest first.
-- A paper is unnamed if no spelling names a topic of it, general ones aside.
with listed as (
    select
        paper_id,
        min(first_feed_date) as feed_date
    from core.feed_paper
    where $feed::varchar is null or feed_id = $feed::varchar
    group by paper_id
    order by feed_date desc, paper_id
    limit $rows
),

named as (
    select distinct assigned.paper_id
    from core.paper_topic as assigned
    inner join core.topic as topic using (taxonomy_version, topic_id)
    where assigned.method = 'dictionary' and topic.level = 'topic'
)

select
    listed.paper_id,
    listed.feed_date,
    paper.title,
    content.abstract,
    paper.votes,
    named.paper_id is null as is_unnamed
from listed
inner join core.paper as paper using (paper_id)
inner join raw.content as content using (content_id)
left join named using (paper_id)
order by listed.feed_date, listed.paper_id;
