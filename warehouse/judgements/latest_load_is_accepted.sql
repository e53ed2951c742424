-- one feed: entries rejected among those of the latest load; too few entries say nothing
with rejects as (
    select
        feed_id,
        count(*) as rejects,
        mode(rule || ' ' || field order by rule, field) as commonest_rule,
        min(capture_id) as example_capture_id
    from raw.reject
    inner join judged_capture using (capture_id)
    where is_latest_load
    group by feed_id
),

counts as (
    select
        feed_id,
        count(*) as captures,
        sum(entries_accepted + entries_rejected)::bigint as entries,
        sum(entries_rejected)::bigint as rejected
    from judged_capture
    where is_latest_load
    group by feed_id
)

select
    feed_id,
    captures,
    entries,
    rejected,
    commonest_rule,
    example_capture_id,
    if(entries < $judged_entries_least, 0, round(rejected / entries, 4)) as reject_share
from counts
left join rejects using (feed_id)
order by reject_share desc, feed_id
