-- Papers by $sort (votes, gain or date), narrowed: null means any. With a feed its dates are those of
-- the feed; a gain is between the two newest looks of a daily list at a paper of at most thirty days.
-- saved: $sort = 'date', $topic = null, $feed = null, $since = null, $rows = 20
with gains as (
    select
        paper_id,
        max_by({'gained': gained, 'hours': gained_in_hours}, (gained, -gained_in_hours, feed_id)) as newest
    from mart.paper_trend
    where gained is not null and ($feed::varchar is null or feed_id = $feed)
    group by paper_id
),

listed as (
    select
        paper_id,
        min(first_feed_date) as listed_date
    from core.feed_paper
    where $feed::varchar is null or feed_id = $feed
    group by paper_id
),

dated as (
    select
        paper.paper_id,
        paper.title,
        coalesce(listed.listed_date, paper.published_date, paper.first_seen::date) as paper_date,
        paper.votes,
        gains.newest.gained as gained,
        gains.newest.hours as gained_in_hours,
        paper.primary_topic_id,
        paper.topics,
        paper.url,
        listed.paper_id is not null as is_listed
    from mart.paper as paper
    left join listed using (paper_id)
    left join gains using (paper_id)
)

select
    * exclude (is_listed),
    count(*) over () as papers_found
from dated
where
    ($feed::varchar is null or is_listed)
    and ($since::date is null or paper_date >= $since::date)
    and (
        $topic::varchar is null
        or paper_id in (select paper_id from core.paper_topic where topic_id = $topic)
    )
    and ($sort != 'votes' or votes is not null)
    and ($sort != 'gain' or gained > 0)
order by
    case $sort when 'votes' then votes when 'gain' then gained end desc nulls last,
    paper_date desc nulls last,
    votes desc nulls last,
    paper_id
limit $rows
