-- The wordings of a paper by family of sources, over time.
select
    version.paper_id,
    version.family,
    version.version,
    version.valid_from,
    version.valid_to,
    content.title,
    content.abstract
from core.paper_version as version
inner join raw.content as content using (content_id)
where ($paper_id::varchar is null or version.paper_id = $paper_id)
order by all
