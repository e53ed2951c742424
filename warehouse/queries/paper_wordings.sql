-- The wordings of one paper in each family of sources, the oldest first.
-- saved: $paper
select
    version.family,
    version.version,
    version.valid_from,
    version.valid_to,
    content.title,
    content.abstract
from core.paper_version as version
inner join raw.content as content using (content_id)
where version.paper_id = $paper
order by version.family, version.version
