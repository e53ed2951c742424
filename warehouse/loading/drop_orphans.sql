-- texts that no entry shows any more
delete from raw.content
where
    content_id in (select content_id from gone_content)
    and content_id not in (select content_id from raw.entry)
