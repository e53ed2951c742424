-- What was published: when, from which looks, how much; of a file of a past instant that instant.
select
    publication.publication_id,
    publication.published_at,
    about.is_as_of,
    (select max(captured_at) from raw.capture where state = 'loaded') as newest_captured_at,
    (select count(*) from core.paper) as papers,
    (select count(*) from raw.capture where state = 'loaded') as captures,
    about.taxonomy_version
from mart.about as about
left join (from ops.publication order by published_at desc limit 1) as publication on true
