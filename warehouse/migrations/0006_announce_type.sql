alter table raw.entry add column announce_type varchar;
comment on column raw.entry.announce_type is 'How arXiv announces the paper: new, cross, replace or replace-cross; null if nobody says';
