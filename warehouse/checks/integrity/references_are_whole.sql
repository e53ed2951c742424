-- nothing refers to what is not there
select 'raw.entry.capture_id' as reference, capture_id as value
from raw.entry anti join raw.capture using (capture_id)
union all
select 'raw.entry.content_id', content_id from raw.entry anti join raw.content using (content_id)
union all
select 'raw.entry.own_id', own_id
from raw.entry as entry anti join core.paper_alias as alias on alias.alias_id = entry.own_id
union all
select 'raw.capture.feed_id', feed_id
from raw.capture anti join core.feed using (feed_id) where state = 'loaded'
union all
select 'core.paper_alias.paper_id', paper_id from core.paper_alias anti join core.paper using (paper_id)
union all
select 'core.paper.content_id', content_id from core.paper anti join raw.content using (content_id)
union all
select 'core.paper.paper_id', paper_id from core.paper anti join core.paper_alias using (paper_id)
union all
select 'core.paper_version.paper_id', paper_id from core.paper_version anti join core.paper using (paper_id)
union all
select 'core.paper_topic.paper_id', paper_id from core.paper_topic anti join core.paper using (paper_id)
union all
select 'core.feed_paper.paper_id', paper_id from core.feed_paper anti join core.paper using (paper_id)
union all
select 'core.identifier.paper_id', paper_id
from core.identifier anti join core.paper using (paper_id) where paper_id is not null
union all
-- a paper is known by its own id: an id that leads to another paper is none
select 'core.paper.paper_id as an alias', paper.paper_id
from core.paper as paper
inner join core.paper_alias as alias on alias.alias_id = paper.paper_id
where alias.paper_id != paper.paper_id
