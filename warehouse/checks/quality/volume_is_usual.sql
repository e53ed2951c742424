-- one recent day of a daily list, its papers against the 40 days before it in the same state: in
-- robust standard deviations of the doubled square root (Anscombe 1948), of which a count that
-- varies as a Poisson count does has 1. With fewer than 10 days before it, nothing is unusual.
with days as (
    select
        feed_id,
        feed_date,
        -- a list that answered empty when it was final is a day with no paper
        if(state = 'legit_empty', 'loaded', state) as state,
        papers,
        2 * sqrt(papers) as root,
        max(feed_date) over (partition by feed_id) as newest_date
    from core.feed_day
    where
        is_expected
        and (state in ('loaded', 'open') or (state = 'legit_empty' and captures > 0))
),

compared as (
    select
        *,
        count(*) over before_it as days_before,
        median(root) over before_it as usual_root,
        mad(root) over before_it as root_spread
    from days
    window before_it as (
        partition by feed_id, state
        order by feed_date
        rows between 40 preceding and 1 preceding
    )
)

select
    feed_id,
    feed_date::varchar as feed_date,
    state,
    papers,
    round((usual_root / 2) ** 2, 1) as usual_papers,
    days_before,
    if(
        days_before < 10,
        0,
        round((root - usual_root) / greatest(1, 1.4826 * root_spread), 2)
    ) as deviation
from compared
where feed_date > newest_date - $recent_days::integer
order by abs(deviation) desc, feed_id, feed_date desc
