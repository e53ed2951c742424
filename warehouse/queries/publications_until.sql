-- The newest publication, and the last one until an instant (UTC), where there is one.
select
    (select max(published_at) from ops.publication) as published_at,
    (select max(published_at) from ops.publication where published_at <= $since::timestamp)
        as before_at,
    (select arg_max(publication_id, published_at) from ops.publication) as publication_id,
    (select arg_max(newest_captured_at, published_at) from ops.publication) as newest_captured_at,
    (
        select arg_max(newest_captured_at, published_at)
        from ops.publication
        where published_at <= $since::timestamp
    ) as captured_before_at
