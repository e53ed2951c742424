-- Two of the three tables by sets, nothing checked; the third is papers.sql.
-- Variable: captures (glob of the files).
set timezone = 'UTC';
set preserve_insertion_order = false;
create schema raw;
create schema core;

create table raw.entry as
with entries as (
    select
        filename as capture_id,
        generate_subscripts(json, 1) - 1 as position,
        unnest(json) as entry
    from read_json(
        getvariable('captures'),
        format = 'unstructured',
        records = false,
        filename = true,
        columns = {
            json: 'struct(
                title varchar,
                numComments bigint,
                paper struct(
                    id varchar,
                    authors struct(name varchar)[],
                    publishedAt timestamp,
                    summary varchar,
                    upvotes bigint
                )
            )[]'
        }
    )
)

select
    capture_id,
    position::integer as position,
    entry.paper.id as paper_id,
    entry.title as title,
    entry.paper.summary as abstract,
    [author.name for author in entry.paper.authors] as authors,
    entry.paper.publishedAt as published_at,
    entry.paper.upvotes as votes,
    entry.numComments as comments
from entries;

create table raw.capture as
select
    capture_id,
    regexp_extract(capture_id, '(\d{4}-\d\d-\d\d)/[^/]+$', 1)::date as feed_date,
    strptime(regexp_extract(capture_id, '(\d{8}T\d{6})Z', 1), '%Y%m%dT%H%M%S') as captured_at,
    count(*)::integer as entries
from raw.entry
group by capture_id;
