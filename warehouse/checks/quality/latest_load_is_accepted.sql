-- one feed: entries rejected among those of the latest load; too few entries say nothing
with rules as (
    select
        judged.feed_id,
        reject.rule || ' ' || reject.field as rule,
        count(*) as rejects,
        min(judged.capture_id) as example_capture_id
    from raw.reject as reject
    inner join judged_capture as judged using (capture_id)
    where judged.is_latest_load
    group by judged.feed_id, reject.rule, reject.field
),

commonest_rules as (
    select
        feed_id,
        arg_max(rule, (rejects, rule)) as commonest_rule,
        arg_max(example_capture_id, (rejects, rule)) as example_capture_id
    from rules
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
    if(
        entries < $judged_entries_least,
        0,
        coalesce(round(rejected / nullif(entries, 0), 4), 0)
    ) as reject_share
from counts
left join commonest_rules using (feed_id)
order by reject_share desc, feed_id
