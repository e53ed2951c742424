create table core.correction (
    correction_id varchar not null,
    kind varchar not null,
    paper_id varchar not null,
    other_id varchar,
    feed_id varchar,
    title varchar,
    field varchar,
    was varchar,
    value varchar,
    reason varchar not null,
    state varchar,
    observed varchar,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.correction is 'One correction that config/corrections.toml declares, and what became of it';
comment on column core.correction.correction_id is 'Kind, paper and what else tells it from others';
comment on column core.correction.kind is 'same_as, keep_apart, override or drop';
comment on column core.correction.paper_id is 'The id that it corrects, as core.paper_alias has it';
comment on column core.correction.other_id is 'The paper that it is (same_as) or is not (keep_apart)';
comment on column core.correction.feed_id is 'The feed to which a drop is limited; null for every feed';
comment on column core.correction.title is 'Guard: only while an entry of the paper has this title; null for none';
comment on column core.correction.field is 'The overridden column of core.paper';
comment on column core.correction.was is 'Guard of an override: what the sources say; null while they say nothing';
comment on column core.correction.value is 'What an override says instead';
comment on column core.correction.reason is 'Why, as declared';
comment on column core.correction.state is 'applied; unused: nothing here is concerned; needless: the sources say so themselves; expired: its guard no longer holds';
comment on column core.correction.observed is 'What the sources say of an overridden field; null while they say nothing';
comment on column core.correction.run_id is 'The run that wrote the row';
comment on column core.correction.loaded_at is 'When the row was written, UTC';

comment on column core.match_edge.rule is 'The key that both share, content_key or title_key; same_as for a correction';
comment on column core.match_edge.score is '1 where one id owns the key, else 1 / owners; 0 where a correction keeps both apart';
comment on column core.match_edge.evidence is 'The shared key, or where the correction stands';
comment on column core.match_edge.decision is 'same; review, where several ids own the key and it joins none; apart, where a correction says so';
