{{ config(schema='raw') }}

with entries as (
    select
        filename as capture_id,
        generate_subscripts(json, 1) - 1 as position,
        unnest(json) as entry
    from read_json(
        '{{ var("captures") }}',
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
from entries
