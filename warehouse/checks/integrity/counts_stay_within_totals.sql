-- no topic has more papers in a period than were observed in it
select feed_id, topic_id, grain, period_start, papers, observed
from mart.topic_period
where papers > observed or papers < 0
union all
select feed_id, null, grain, period_start, usable_days, expected_days
from mart.feed_coverage
where usable_days > expected_days or complete_days > days
