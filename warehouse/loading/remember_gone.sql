-- identities, deletions, texts and days of captures that are about to be replaced
insert into gone_identity
select distinct own_id, source_id, content_key, title_key
from raw.entry
where capture_id in (select capture_id from incoming);

insert into gone_deletion
select own_id
from core.deletion
where capture_id in (select capture_id from incoming);

insert into gone_content
select distinct content_id
from raw.entry
where capture_id in (select capture_id from incoming);

insert into gone_day
select distinct
    capture.feed_id,
    coalesce(capture.feed_date, entry.stated_date)
from raw.entry as entry
inner join raw.capture as capture using (capture_id)
where
    capture_id in (select capture_id from incoming)
    and coalesce(capture.feed_date, entry.stated_date) is not null
