alter table raw.capture add column cut_reason varchar;
comment on column raw.capture.cut_reason is 'Why the look does not show the whole list, where it is truncated';
alter table raw.entry add column stated_date date;
comment on column raw.entry.stated_date is 'The day of the list that the entry itself states, in a capture that has several; else null';
comment on column core.feed_day.state is 'loaded, truncated, open, partial (rows that state the day, maybe not all of it), legit_empty (looked at, answered empty), held, closed (no list expected, nobody looked), outage, late or missing: the first that fits';
comment on column mart.feed_coverage.usable_days is 'Expected days that are loaded, open, truncated or partial';
