-- The days of each daily list without a usable look, by state.
select
    feed_id,
    state,
    count(*) as days,
    min(feed_date) as first_date,
    max(feed_date) as last_date
from core.feed_day
where is_expected and state in ('missing', 'outage', 'held', 'late')
group by feed_id, state
order by feed_id, state
