-- The papers that a feed shows under another title than before, where the first look that does so
-- landed after an instant. What was retitled more than 31 days before the newest look is history
-- that was filled in, and is left out. Grain: feed and paper.
with versions as (
    select
        version.paper_id,
        version.family,
        version.valid_from,
        version.content_key,
        content.title,
        lag(content.title) over (
            partition by version.paper_id, version.family
            order by version.version
        ) as title_before
    from core.paper_version as version
    inner join raw.content as content using (content_id)
),

retitled as (
    select *
    from versions
    where
        valid_from > (select max(newest_captured_at) from ops.publication) - interval 31 day
        and regexp_replace(lower(title), '[^\p{L}\p{N}]', '', 'g')
        <> regexp_replace(lower(title_before), '[^\p{L}\p{N}]', '', 'g')
),

-- a paper may be retitled more than once: each time is news of its own; the newest that had not
-- landed then is told
shown as (
    select
        retitled.paper_id,
        entry.feed_id,
        retitled.valid_from,
        any_value(retitled) as retitled
    from retitled
    inner join core.entry as entry
        on entry.paper_id = retitled.paper_id
        and entry.captured_at = retitled.valid_from
        and entry.content_key is not distinct from retitled.content_key
    inner join core.feed as feed
        on feed.feed_id = entry.feed_id and feed.family = retitled.family
    inner join ops.capture_origin as origin on origin.capture_id = entry.capture_id
    where list_contains($feeds::varchar[], entry.feed_id)
    group by retitled.paper_id, entry.feed_id, retitled.family, retitled.valid_from
    having min(origin.seen_at) > $since::timestamp
    qualify
        row_number() over (
            partition by retitled.paper_id, entry.feed_id
            order by retitled.valid_from desc
        ) = 1
)

select
    shown.feed_id,
    shown.paper_id,
    shown.retitled.title,
    paper.url,
    paper.first_feed_date,
    shown.retitled.title_before,
    shown.retitled.valid_from as seen_at
from shown
inner join mart.paper as paper using (paper_id)
order by shown.feed_id, seen_at desc, shown.paper_id
