-- one field of one feed: entries of recent captures without a value. It is lost where most entries
-- of the feed have it, or where any entry of a daily list has it, which should have it always; a feed
-- that never shows a field lost none.
with entries as (
    select
        capture.feed_id,
        capture.kind,
        capture.is_recent,
        entry.own_id,
        unnest(['abstract', 'authors', 'published_date', 'votes']) as field,
        unnest(
            [
                entry.content_key is null,
                content.authors is null,
                entry.published_date is null,
                entry.votes is null
            ]
        ) as is_null
    from raw.entry as entry
    inner join judged_capture as capture using (capture_id)
    inner join raw.content as content using (content_id)
),

counts as (
    select
        feed_id,
        field,
        count(*) filter (is_recent) as entries,
        count(*) filter (is_recent and is_null) as nulls,
        min(own_id) filter (is_recent and is_null) as example_id,
        bool_or(kind = 'daily_list' and field <> 'votes' and not is_null)
        or 2 * count(*) filter (is_null) < count(*) as is_usual
    from entries
    group by feed_id, field
)

select
    feed_id,
    field,
    entries,
    nulls,
    is_usual,
    example_id,
    if(is_usual, round(nulls / entries, 4), 0) as lost_share
from counts
where entries > 0
order by lost_share desc, feed_id, field
