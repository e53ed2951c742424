-- one feed: entries rejected among those of its recent captures
with rules as (
    select
        feed_id,
        rule || ' ' || field || ' (' || count(*) || ')' as rule,
        count(*) as rejects,
        min(capture_id || '/' || position) as example
    from raw.reject
    inner join judged_capture using (capture_id)
    where is_recent
    group by feed_id, raw.reject.rule, field
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
