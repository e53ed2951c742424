create table raw.failed_look (
    feed_id varchar not null,
    feed_date date,
    failed_at timestamp not null,
    address varchar,
    reason varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table raw.failed_look is 'One look that we tried to take and that failed';
comment on column raw.failed_look.feed_id is 'The feed';
comment on column raw.failed_look.feed_date is 'The date of the list that was asked for; null for a feed without dates';
comment on column raw.failed_look.failed_at is 'UTC';
comment on column raw.failed_look.address is 'What was asked; null where nothing was, since the source was out of reach already';
comment on column raw.failed_look.reason is 'What went wrong';
comment on column raw.failed_look.run_id is 'The run that wrote the row';
comment on column raw.failed_look.loaded_at is 'When the row was written, UTC';
