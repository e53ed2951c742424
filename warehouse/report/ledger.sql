-- one day of the ledger of one daily list, of the last half year
select
    day.feed_id,
    feed.name,
    day.feed_date,
    day.state,
    day.reason,
    day.papers
from core.feed_day as day
inner join core.feed as feed using (feed_id)
where
    day.feed_date > (
        select max(newest.feed_date) - 182
        from core.feed_day as newest
        where newest.feed_id = day.feed_id
    )
order by day.feed_id, day.feed_date
