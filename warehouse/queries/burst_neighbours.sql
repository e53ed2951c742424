-- Which other topics the papers of a burst are about, and what share of its rise each explains: the
-- rise of the share of papers with both topics, over the rise of the share of the topic.
-- General topics explain nothing, and are left out.
with listed as (
    select
        paper_id,
        first_feed_date >= $start::date as is_in_burst
    from core.feed_paper
    where feed_id = $feed and first_feed_date between $first::date and $last::date
),

observed as (
    select
        count(*) filter (is_in_burst) as during,
        count(*) filter (not is_in_burst) as before
    from listed
),

members as (
    select
        listed.paper_id,
        listed.is_in_burst
    from listed
    inner join core.paper_topic as assigned using (paper_id)
    where assigned.topic_id = $topic and assigned.method = 'dictionary'
),

own as (
    select count(*) filter (is_in_burst) / during - count(*) filter (not is_in_burst) / before as rise
    from members
    cross join observed
    group by during, before
)

select
    topic.topic_id,
    topic.name,
    count(*) filter (is_in_burst) as papers,
    round(
        (count(*) filter (is_in_burst) / during - count(*) filter (not is_in_burst) / before) / rise,
        3
    ) as share_of_rise
from members
inner join core.paper_topic as other using (paper_id)
inner join core.topic as topic using (taxonomy_version, topic_id)
cross join observed
cross join own
where
    other.topic_id <> $topic
    and other.method = 'dictionary'
    and topic.level <> 'general'
    and before > 0
    and rise > 0
group by topic.topic_id, topic.name, during, before, rise
having count(*) filter (is_in_burst) >= 3
order by share_of_rise desc, topic.topic_id
limit 3
