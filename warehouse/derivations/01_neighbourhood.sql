-- the identities that share a title key with what was touched
create or replace temp table neighbour as
select distinct own_id, source_id, content_key, title_key
from raw.entry
where title_key in (select title_key from touched_key)
