-- one feed that used to show abstracts: entries without one in the latest load; too few entries
-- say nothing
with counts as (
    select
        feed_id,
        count(*) filter (not is_latest_load) as entries_before,
        count(*) filter (not is_latest_load and content_key is null) as nulls_before,
        count(*) filter (is_latest_load) as entries,
        count(*) filter (is_latest_load and content_key is null) as nulls
    from raw.entry
    inner join judged_capture using (capture_id)
    group by feed_id
)

select
    feed_id,
    entries_before,
    nulls_before,
    entries,
    nulls,
    if(
        entries < $judged_entries_least or entries = 0 or 2 * nulls_before >= entries_before,
        0,
        round(nulls / entries, 4)
    ) as lost_share
from counts
order by lost_share desc, feed_id
