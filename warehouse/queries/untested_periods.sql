-- The periods with papers of a feed, after a date, that were compared with none, and why.
select
    period_start,
    papers,
    case
        when not is_whole then 'not over when last looked at'
        when not is_testable then usable_days || ' of ' || expected_days || ' expected days seen'
        else 'too few comparable periods before it: none reaches across a gap'
    end as reason
from mart.feed_coverage
where feed_id = $feed and grain = $grain and period_start > $after::date and papers > 0
order by period_start
