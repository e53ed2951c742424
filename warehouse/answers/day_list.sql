-- The list of a day as the last look before its end showed it; without one, as the first look after.
-- Papers of the day that only other looks show have no place and no votes then.
with entries as (
    select
        entry.feed_id,
        entry.feed_date,
        entry.capture_id,
        entry.captured_at,
        entry.position,
        entry.paper_id,
        entry.content_id,
        entry.votes,
        day.cutoff_at
    from core.entry as entry
    inner join core.feed_day as day using (feed_id, feed_date)
    where
        entry.is_of_list
        and ($feed_id::varchar is null or entry.feed_id = $feed_id)
        and ($feed_date::date is null or entry.feed_date = $feed_date::date)
),

looks as (
    select distinct
        feed_id,
        feed_date,
        capture_id,
        captured_at,
        coalesce(captured_at <= cutoff_at, false) as is_in_time
    from entries
),

chosen as (
    select *
    from looks
    qualify row_number() over (
        partition by feed_id, feed_date
        order by is_in_time desc, if(is_in_time, -epoch(captured_at), epoch(captured_at)), capture_id
    ) = 1
),

shown as (
    select
        entries.*
    from entries
    semi join chosen using (feed_id, feed_date, capture_id)
    qualify row_number() over (
        partition by entries.feed_id, entries.feed_date, entries.paper_id
        order by entries.position
    ) = 1
),

of_day as (
    select distinct
        feed_id,
        feed_date,
        paper_id
    from entries
)

select
    of_day.feed_id,
    of_day.feed_date,
    chosen.captured_at as seen_at,
    shown.position + 1 as place,
    of_day.paper_id,
    coalesce(content.title, paper.title) as title,
    shown.votes,
    topic.topic_id,
    topic.name as topic
from of_day
inner join chosen using (feed_id, feed_date)
inner join core.paper as paper using (paper_id)
left join shown using (feed_id, feed_date, paper_id)
left join raw.content as content on content.content_id = shown.content_id
left join core.topic as topic on topic.topic_id = paper.primary_topic_id
order by of_day.feed_id, of_day.feed_date, place nulls last, of_day.paper_id
