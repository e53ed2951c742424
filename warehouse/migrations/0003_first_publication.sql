create table ops.first_publication (
    alias_id varchar not null,
    run_id varchar not null
);
comment on table ops.first_publication is 'Every id that an entry alone would have, and the publication that was the first to hold it';
comment on column ops.first_publication.alias_id is 'The id; core.paper_alias leads from it to the paper that it is now';
comment on column ops.first_publication.run_id is 'The run that published, as in ops.publication';
