comment on column core.feed_day.state is 'loaded, truncated, open, legit_empty (looked at, answered empty), held, closed (no list expected, nobody looked), outage, late or missing: the first that fits';
comment on column mart.topic_period.complete_share is 'Days that are loaded or legit_empty / days in the ledger that are not closed, 0..1; null if all are';
comment on column mart.feed_coverage.complete_share is 'complete_days / days that are not closed, 0..1; null if all are';
