-- The newest days of daily lists: whether they are held, and those that are not complete of the week
-- before the newest day that was looked at.
with newest as (
    select
        feed_id,
        max(feed_date) as feed_date
    from core.feed_day
    where state in ('loaded', 'truncated', 'open', 'partial', 'legit_empty', 'held')
    group by feed_id
)

select
    day.feed_id,
    day.feed_date,
    day.state,
    day.reason,
    day.feed_date = newest.feed_date as is_newest
from core.feed_day as day
inner join newest using (feed_id)
where
    list_contains($feeds::varchar[], day.feed_id)
    and day.feed_date > newest.feed_date - 7
    and day.feed_date <= newest.feed_date
    and (day.feed_date = newest.feed_date or (day.is_expected and not day.is_complete))
order by day.feed_id, day.feed_date
