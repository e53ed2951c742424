-- Which publication a file is, and of which schema and taxonomy.
select
    publication.publication_id,
    publication.published_at,
    publication.newest_captured_at,
    about.schema_version,
    about.taxonomy_version,
    about.is_as_of
from mart.about as about
left join (
    select *
    from ops.publication
    qualify row_number() over (order by published_at desc, publication_id desc) = 1
) as publication on true
