-- what a load touches and what it replaces, for the length of a run
create or replace temp table touched_key (title_key varchar);
create or replace temp table gone_identity (
    own_id varchar,
    source_id varchar,
    content_key varchar,
    title_key varchar
);
create or replace temp table gone_deletion (own_id varchar);
create or replace temp table gone_content (content_id varchar);
create or replace temp table gone_day (feed_id varchar, feed_date date);
-- contents that another process has described
create or replace temp table described_text (content_id varchar);
create or replace temp table caught_up_capture (capture_id varchar, run_id varchar);
-- the days of daily lists on which papers may begin to count, or count no more, as they did
create or replace temp table touched_day (feed_id varchar, feed_date date);
-- whether a search for trends, or the file published before, brings other trends than there were
set variable trends_are_new = false;
