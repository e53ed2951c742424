-- One row per burst that publications of this warehouse ever called rising, as they said it. Later
-- publications may see its start elsewhere: what they say is the same burst where the periods
-- overlap. first_since, the start as it was said first, never changes.
with said as (
    select
        publication.published_at,
        said.*,
        coalesce(said.since, said.period_start) as start_said
    from ops.trend_said as said
    inner join ops.publication as publication using (run_id)
),

marked as (
    select
        *,
        coalesce(
            start_said > max(period_start) over (
                partition by feed_id, topic_id, grain
                order by published_at
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_another
    from said
),

numbered as (
    select
        *,
        count_if(is_another) over (
            partition by feed_id, topic_id, grain
            order by published_at
        ) as number
    from marked
),

bursts as (
    select
        feed_id,
        topic_id,
        grain,
        min(published_at) as first_said_at,
        max(published_at) as last_said_at,
        arg_min(start_said, published_at) as first_since,
        arg_max(start_said, published_at) as since,
        arg_max(period_start, published_at) as period_start,
        arg_max(papers, published_at) as papers,
        arg_max(observed, published_at) as observed,
        arg_max(strength, published_at) as strength
    from numbered
    group by feed_id, topic_id, grain, number
),

publications as (
    select
        published_at,
        lead(published_at) over (order by published_at) as next_at
    from ops.publication
),

-- of the bursts that the newest search shows in these periods, the latest
found as (
    select
        bursts.feed_id,
        bursts.topic_id,
        bursts.grain,
        bursts.first_said_at,
        max_by(found, found.start_period) as found
    from bursts
    inner join mart.topic_burst as found
        on found.is_shown
        and found.feed_id = bursts.feed_id
        and found.topic_id = bursts.topic_id
        and found.grain = bursts.grain
        and found.start_period <= bursts.period_start
        and coalesce(found.end_period, bursts.period_start) >= bursts.first_since
    group by bursts.feed_id, bursts.topic_id, bursts.grain, bursts.first_said_at
)

select
    bursts.feed_id,
    bursts.topic_id,
    coalesce(topic.name, bursts.topic_id) as name,
    bursts.grain,
    bursts.first_since,
    bursts.since,
    bursts.period_start,
    bursts.papers,
    bursts.observed,
    bursts.strength,
    bursts.first_said_at,
    bursts.last_said_at,
    publications.next_at as unsaid_at,
    found.found.papers as burst_papers,
    found.found.expected,
    found.found.ratio,
    list.topics as topics_searched,
    list.chance_bursts,
    list.false_discovery_rate
from bursts
inner join publications on publications.published_at = bursts.last_said_at
left join found using (feed_id, topic_id, grain, first_said_at)
left join mart.trend_list as list
    on list.feed_id = bursts.feed_id
    and list.grain = bursts.grain
    and list.stretch = found.found.stretch
left join core.topic as topic on topic.topic_id = bursts.topic_id
where list_contains($feeds::varchar[], bursts.feed_id)
order by
    bursts.feed_id,
    bursts.last_said_at desc,
    bursts.strength desc nulls last,
    bursts.topic_id,
    bursts.grain desc
