-- one feed: entries rejected among those of its recent captures
with rules as (
    select
        judged.feed_id,
        reject.rule || ' ' || reject.field || ' (' || count(*) || ')' as rule,
        count(*) as rejects,
        min(judged.capture_id || '/' || reject.position) as example
    from raw.reject as reject
    inner join judged_capture as judged using (capture_id)
    where judged.is_recent
    group by judged.feed_id, reject.rule, reject.field
),

rejects as (
    select
        feed_id,
        string_agg(rule, ', ' order by rejects desc, rule) as rules,
        min(example) as example
    from rules
    group by feed_id
),

counts as (
    select
        feed_id,
        sum(entries_accepted + entries_rejected)::bigint as entries,
        sum(entries_rejected)::bigint as rejected
    from judged_capture
    where is_recent
    group by feed_id
)

select
    feed_id,
    entries,
    rejected,
    rules,
    example as example_entry,
    coalesce(round(rejected / nullif(entries, 0), 4), 0) as reject_share
from counts
left join rejects using (feed_id)
order by reject_share desc, feed_id
