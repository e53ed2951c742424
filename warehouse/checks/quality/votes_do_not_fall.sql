-- one recent look of one feed at one paper: the fall of its votes since the look before, as a share
-- of them; small falls say nothing. The 100 largest, and how many looks of a feed cannot be put in
-- order, since nobody says when they were taken.
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
    where metric.votes is not null and metric.captured_at is not null
    group by metric.feed_id, metric.paper_id, metric.captured_at
),

pairs as (
    select
        *,
        lag(captured_at) over one_paper as captured_before,
        lag(votes) over one_paper as votes_before
    from looks
    window one_paper as (
        partition by feed_id, paper_id
        order by captured_at
    )
),

falls as (
    select
        *,
        null::varchar as not_judged,
        if(
            coalesce(votes_before - votes, 0) >= $votes_fall_least,
            round((votes_before - votes) / votes_before, 4),
            0
        ) as fall_share
    from pairs
    where is_recent
    order by fall_share desc, feed_id, paper_id, captured_at
    limit 100
),

untimed as (
    select
        feed_id,
        'captures that do not say when they were taken: ' || count(distinct capture_id) as not_judged
    from core.paper_metric
    inner join judged_capture as capture using (feed_id, capture_id)
    where capture.is_recent and capture.captured_at is null and votes is not null
    group by feed_id
)

select
    feed_id,
    paper_id,
    captured_before::varchar as captured_before,
    votes_before,
    captured_at::varchar as captured_at,
    votes,
    fall_share,
    not_judged
from falls
full join untimed using (feed_id, not_judged)
order by fall_share desc nulls last, feed_id, paper_id, captured_at
