alter table raw.capture add column cut_reason varchar;
comment on column raw.capture.cut_reason is 'Why the look does not show the whole list, where it is truncated';
