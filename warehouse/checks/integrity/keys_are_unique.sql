-- no key stands twice
select 'raw.capture' as table_name, capture_id as key from raw.capture group by all having count(*) > 1
union all
select 'raw.entry', capture_id || '/' || position from raw.entry group by capture_id, position having count(*) > 1
union all
select 'raw.content', content_id from raw.content group by content_id having count(*) > 1
union all
select 'core.paper', paper_id from core.paper group by paper_id having count(*) > 1
union all
select 'core.paper_alias', alias_id from core.paper_alias group by alias_id having count(*) > 1
union all
select 'core.identifier', identity_key from core.identifier group by identity_key having count(*) > 1
union all
select 'core.feed_day', feed_id || '/' || feed_date from core.feed_day group by feed_id, feed_date having count(*) > 1
union all
select 'core.paper_version', paper_id || '/' || family || '/' || version
from core.paper_version group by paper_id, family, version having count(*) > 1
union all
select 'core.paper_topic', paper_id || '/' || topic_id
from core.paper_topic group by paper_id, topic_id, taxonomy_version having count(*) > 1
union all
select 'core.feed_paper', feed_id || '/' || paper_id from core.feed_paper group by feed_id, paper_id having count(*) > 1
