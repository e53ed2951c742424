-- The months of each daily list: papers, days with a list, and days on which one was expected.
select
    feed_id,
    date_trunc('month', feed_date)::date as month,
    sum(papers)::bigint as papers,
    count(*) filter (papers > 0) as days_listed,
    count(*) filter (is_expected) as days_expected
from core.feed_day
group by all
order by feed_id, month desc
