-- The texts of the papers of a burst, and of the papers of its feed before it in the same stretch:
-- of either the newest, the oldest first.
with burst as (
    select
        burst.feed_id,
        burst.topic_id,
        list.first_period,
        burst.start_period,
        coalesce(burst.end_period, list.last_period)
        + case $grain
            when 'week' then interval 7 days
            when 'four-weeks' then interval 28 days
            else interval 1 month
        end as after
    from mart.topic_burst as burst
    inner join mart.trend_list as list using (feed_id, grain, stretch)
    where
        burst.feed_id = $feed
        and burst.topic_id = $topic
        and burst.grain = $grain
        and burst.start_period = $start::date
),

listed as (
    select
        listed.paper_id,
        listed.first_feed_date,
        listed.first_feed_date >= burst.start_period as is_in_burst
    from core.feed_paper as listed
    inner join burst using (feed_id)
    left join core.paper_topic as assigned
        on
            listed.paper_id = assigned.paper_id
            and assigned.topic_id = burst.topic_id
            and assigned.method = 'dictionary'
    where
        listed.first_feed_date >= burst.first_period
        and listed.first_feed_date < burst.after
        and (listed.first_feed_date < burst.start_period or assigned.paper_id is not null)
    qualify
        row_number() over (
            partition by is_in_burst
            order by listed.first_feed_date desc, listed.paper_id
        ) <= $rows
)

select
    listed.is_in_burst,
    paper.title,
    content.abstract,
    content.content_id
from listed
inner join core.paper as paper using (paper_id)
inner join raw.content as content using (content_id)
order by listed.first_feed_date, listed.paper_id
