-- a table now: a view over all entries was computed anew by every query about a daily list
drop view if exists core.feed_paper;

create table core.feed_paper (
    feed_id varchar not null,
    paper_id varchar not null,
    first_feed_date date not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.feed_paper is 'One paper in one daily list: the date on which it stood there first';
comment on column core.feed_paper.feed_id is 'The feed';
comment on column core.feed_paper.paper_id is 'The paper';
comment on column core.feed_paper.first_feed_date is 'The earliest date of the list that shows it';
comment on column core.feed_paper.run_id is 'The run that wrote the row';
comment on column core.feed_paper.loaded_at is 'When the row was written, UTC';

insert into core.feed_paper
select
    capture.feed_id,
    alias.paper_id,
    min(coalesce(capture.feed_date, entry.stated_date)),
    any_value(paper.run_id),
    any_value(paper.loaded_at)
from raw.entry as entry
inner join raw.capture as capture using (capture_id)
inner join core.paper_alias as alias on alias.alias_id = entry.own_id
inner join core.paper as paper using (paper_id)
inner join core.feed as feed using (feed_id)
where
    capture.kind = 'daily_list'
    and coalesce(capture.feed_date, entry.stated_date) is not null
    and coalesce(
        entry.announce_type = 'new' or (feed.counts_cross and entry.announce_type = 'cross'), true
    )
group by capture.feed_id, alias.paper_id;
