-- what the warehouse holds
select
    (select count(*) from core.paper) as papers,
    (select count(*) from raw.capture where state = 'loaded') as captures,
    (select max(captured_at) from raw.capture where state = 'loaded') as newest_captured_at,
    (select max(published_at) from ops.publication) as published_at
