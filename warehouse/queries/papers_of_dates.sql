-- The papers whose first date on a daily list, or else whose first look, lies in a range of dates.
select paper_id
from core.paper
where
    coalesce(first_feed_date, first_seen::date)
    between coalesce($first::date, date '0001-01-01') and coalesce($last::date, date '9999-12-31')
