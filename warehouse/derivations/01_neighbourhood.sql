-- the identities that share a title key with what was touched, or with a DOI among these: what a DOI
-- is joined to depends on all of its titles
create or replace temp table doi_title as
select distinct
    source_id,
    title_key
from raw.entry
where starts_with(source_id, 'doi:');

create or replace temp table neighbour as
with recursive reached(title_key) as (
    select title_key
    from touched_key
    union
    select other.title_key
    from reached
    inner join doi_title as doi using (title_key)
    inner join doi_title as other using (source_id)
)

select distinct own_id, source_id, content_key, title_key
from raw.entry
where title_key in (select title_key from reached)
