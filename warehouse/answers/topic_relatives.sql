-- The topics that papers of a topic are about more often than chance gives, three papers at least; see
-- mart.topic_pair.
with pairs as (
    select
        feed_id,
        topic_id,
        other_topic_id,
        papers,
        topic_papers,
        expected,
        log_odds_low
    from mart.topic_pair
    union all
    select
        feed_id,
        other_topic_id,
        topic_id,
        papers,
        other_papers,
        expected,
        log_odds_low
    from mart.topic_pair
)

select
    pairs.topic_id,
    pairs.feed_id,
    pairs.other_topic_id,
    topic.name,
    pairs.papers,
    pairs.topic_papers,
    pairs.expected
from pairs
inner join core.topic as topic on topic.topic_id = pairs.other_topic_id
where
    pairs.log_odds_low > 0
    and pairs.papers >= 3
    and ($topic_id::varchar is null or pairs.topic_id = $topic_id)
qualify row_number() over (
    partition by pairs.feed_id, pairs.topic_id
    order by pairs.log_odds_low desc, pairs.other_topic_id
) <= 8
order by pairs.topic_id, pairs.feed_id, pairs.papers desc, pairs.other_topic_id
