-- one of the newest 30 lists of one daily list: whether it shows just the papers of the list before
-- it, as a source does that answers with what it has instead of what it was asked for. The 100
-- most suspicious.
with days as (
    select
        feed_id,
        feed_date
    from core.feed_day
    where papers > 0
    qualify row_number() over (partition by feed_id order by feed_date desc) <= 31
),

lists as (
    select
        entry.feed_id,
        entry.feed_date,
        list(distinct entry.paper_id order by entry.paper_id) as papers
    from core.entry as entry
    inner join days using (feed_id, feed_date)
    where entry.is_of_list
    group by entry.feed_id, entry.feed_date
),

compared as (
    select
        *,
        lag(feed_date) over one_feed as date_before,
        lag(papers) over one_feed as papers_before
    from lists
    window one_feed as (
        partition by feed_id
        order by feed_date
    )
)

select
    feed_id,
    feed_date::varchar as feed_date,
    len(papers) as papers,
    date_before::varchar as date_before,
    if(papers = papers_before, 1, 0) as same_lists
from compared
order by same_lists desc, feed_id, feed_date
limit 100
