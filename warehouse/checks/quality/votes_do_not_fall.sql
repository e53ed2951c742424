-- one recent look of one feed at one paper: the fall of its votes since the look before, as a share
-- of them; small falls say nothing. The 100 largest.
with papers as (
    select distinct paper_id
    from core.paper_metric
    inner join judged_capture using (capture_id)
    where is_recent and votes is not null
),

looks as (
    select
        metric.feed_id,
        metric.paper_id,
        metric.captured_at,
        max(metric.votes) as votes,
        bool_or(capture.is_recent) as is_recent
    from core.paper_metric as metric
    inner join papers using (paper_id)
    inner join judged_capture as capture using (capture_id)
    where metric.votes is not null
    group by metric.feed_id, metric.paper_id, metric.captured_at
),

pairs as (
    select
        *,
        lag(captured_at) over one_paper as captured_before,
        lag(votes) over one_paper as votes_before
    from looks
    window one_paper as (
        partition by feed_id, paper_id, captured_at is null
        order by captured_at
    )
)

select
    feed_id,
    paper_id,
    captured_before::varchar as captured_before,
    votes_before,
    captured_at::varchar as captured_at,
    votes,
    if(
        captured_at is not null and coalesce(votes_before - votes, 0) >= $votes_fall_least,
        round((votes_before - votes) / votes_before, 4),
        0
    ) as fall_share
from pairs
where is_recent
order by fall_share desc, feed_id, paper_id, captured_at
limit 100
