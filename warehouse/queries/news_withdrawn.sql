-- The papers that their source has taken back, where the look that says so first landed after an
-- instant. What is known to be taken back for more than 31 days is left out, as history.
select
    capture.feed_id,
    paper.paper_id,
    paper.title,
    paper.url,
    paper.first_feed_date,
    paper.status,
    paper.status_since as seen_at
from mart.paper as paper
inner join raw.capture as capture on capture.capture_id = paper.status_capture_id
inner join (
    select
        capture_id,
        min(seen_at) as landed_at
    from ops.capture_origin
    group by capture_id
) as origin on origin.capture_id = paper.status_capture_id
where
    paper.status <> 'active'
    and origin.landed_at > $since::timestamp
    and coalesce(
        paper.status_since > (select max(newest_captured_at) from ops.publication) - interval 31 day,
        true
    )
    and list_contains($feeds::varchar[], capture.feed_id)
order by capture.feed_id, seen_at desc nulls first, paper.paper_id
