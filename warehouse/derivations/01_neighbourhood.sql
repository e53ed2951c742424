-- the identities that share a title key with what was touched, or with a DOI among these: what a DOI
-- is joined to depends on all of its titles. From title to DOI and from DOI to title, each once: all
-- pairs of titles of a DOI would be as many as the square of them.
create or replace temp table doi_link as
with titles as (
    select distinct
        source_id,
        title_key
    from raw.entry
    where starts_with(source_id, 'doi:')
)

select
    title_key as here,
    source_id as there,
    false as is_doi
from titles
union all
select
    source_id,
    title_key,
    true
from titles;

create or replace temp table neighbour_row as
with recursive reached(name, is_doi) as (
    select
        title_key,
        false
    from touched_key
    union
    select
        link.there,
        not link.is_doi
    from reached
    inner join doi_link as link on link.here = reached.name and link.is_doi = reached.is_doi
)

select rowid as row_id
from raw.entry
where title_key in (select name from reached where not is_doi);

-- by their rows, so that entries far from these stay unread
create or replace temp table neighbour as
select distinct
    entry.own_id,
    entry.source_id,
    entry.content_key,
    entry.title_key
from neighbour_row
inner join raw.entry as entry on entry.rowid = neighbour_row.row_id;

drop table neighbour_row;
