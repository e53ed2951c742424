-- What the baselines and bursts of mart.topic_baseline and mart.topic_burst say of each period.
update mart.topic_period as period
set expected = baseline.expected
from mart.topic_baseline as baseline
where
    period.feed_id = baseline.feed_id
    and period.taxonomy_version = baseline.taxonomy_version
    and period.topic_id = baseline.topic_id
    and period.grain = baseline.grain
    and period.period_start = baseline.period_start;

update mart.topic_period
set is_rising = false
where is_testable and grain <> 'day';

update mart.topic_period as period
set is_rising = true
from mart.topic_burst as burst
where
    burst.is_shown
    and period.is_testable
    and period.feed_id = burst.feed_id
    and period.taxonomy_version = burst.taxonomy_version
    and period.topic_id = burst.topic_id
    and period.grain = burst.grain
    and period.stretch = burst.stretch
    and period.period_start >= burst.confirmed_period
    and period.period_start <= coalesce(burst.end_period, period.period_start);
