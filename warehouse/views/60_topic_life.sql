-- The life of a topic in one daily list, by testable months: when it was first seen, when its share
-- stood highest, and how long it took to fall to half of that. Shares are ratios of sums over three
-- months (the one before, the month, the one after), so that no single month makes a peak.
create or replace view mart.topic_life as
with months as (
    select
        period.feed_id,
        period.taxonomy_version,
        period.topic_id,
        period.period_start,
        period.papers,
        period.observed,
        sum(period.papers) over near / sum(period.observed) over near as share
    from mart.topic_period as period
    where period.grain = 'month' and period.is_testable
    window near as (
        partition by period.feed_id, period.taxonomy_version, period.topic_id, period.stretch
        order by period.period_start
        rows between 1 preceding and 1 following
    )
),

totals as (
    select
        feed_id,
        taxonomy_version,
        topic_id,
        sum(papers)::integer as papers,
        sum(observed)::integer as observed,
        count(*)::integer as months,
        max(share) as peak_share,
        arg_max(period_start, struct_pack(share := share, earlier := -epoch(period_start)))
            as peak_month,
        max(period_start) as last_month,
        arg_max(share, period_start) as last_share
    from months
    group by feed_id, taxonomy_version, topic_id
),

firsts as (
    select
        listed.feed_id,
        topic.taxonomy_version,
        topic.topic_id,
        min(listed.first_feed_date) as first_seen
    from core.feed_paper as listed
    inner join core.paper_topic as topic using (paper_id)
    where topic.method = 'dictionary'
    group by listed.feed_id, topic.taxonomy_version, topic.topic_id
),

halved as (
    select
        months.feed_id,
        months.taxonomy_version,
        months.topic_id,
        min(months.period_start) as half_month
    from months
    inner join totals using (feed_id, taxonomy_version, topic_id)
    where months.period_start > totals.peak_month and months.share <= totals.peak_share / 2
    group by months.feed_id, months.taxonomy_version, months.topic_id
),

-- months that stand above both neighbours and at least at half of the peak, after a fall below half
again as (
    select
        months.feed_id,
        months.taxonomy_version,
        months.topic_id,
        min(months.period_start) as second_peak_month
    from months
    inner join totals using (feed_id, taxonomy_version, topic_id)
    inner join halved using (feed_id, taxonomy_version, topic_id)
    where months.period_start > halved.half_month and months.share >= totals.peak_share * 0.75
    group by months.feed_id, months.taxonomy_version, months.topic_id
)

select
    totals.feed_id,
    totals.taxonomy_version,
    totals.topic_id,
    firsts.first_seen,
    totals.papers,
    totals.observed,
    totals.months,
    totals.papers >= 30 and totals.months >= 6 as is_told,
    if(is_told, totals.peak_month, null) as peak_month,
    if(is_told, round(totals.peak_share, 6), null) as peak_share,
    if(is_told, date_diff('month', date_trunc('month', firsts.first_seen), totals.peak_month), null)
        as months_to_peak,
    if(is_told, halved.half_month, null) as half_month,
    if(is_told, date_diff('month', totals.peak_month, halved.half_month), null) as half_life_months,
    if(is_told, again.second_peak_month, null) as second_peak_month,
    totals.last_month,
    if(is_told, round(totals.last_share, 6), null) as last_share,
    case
        when not is_told then 'too few papers'
        when totals.peak_month = totals.last_month then 'at its highest'
        when again.second_peak_month is not null then 'back'
        when halved.half_month is not null then 'fallen by half'
        else 'past its peak'
    end as phase
from totals
inner join firsts using (feed_id, taxonomy_version, topic_id)
left join halved using (feed_id, taxonomy_version, topic_id)
left join again using (feed_id, taxonomy_version, topic_id)
order by totals.feed_id, totals.papers desc, totals.topic_id;

comment on view mart.topic_life is 'The life of one topic in one daily list, by its testable months: first seen, peak, fall to half, second peak';
comment on column mart.topic_life.feed_id is 'The feed';
comment on column mart.topic_life.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_life.topic_id is 'The topic';
comment on column mart.topic_life.first_seen is 'The first date of the list with a paper of it';
comment on column mart.topic_life.papers is 'Papers of it in testable months';
comment on column mart.topic_life.observed is 'All papers of the feed in these months: the denominator';
comment on column mart.topic_life.months is 'Testable months';
comment on column mart.topic_life.is_told is 'At least 30 papers in at least 6 months: else what follows is null, for so few say nothing';
comment on column mart.topic_life.peak_month is 'First day of the month around which its share stood highest (ratio of sums of three months)';
comment on column mart.topic_life.peak_share is 'That share, 0..1';
comment on column mart.topic_life.months_to_peak is 'Months from first_seen to the peak; short where the history of the feed begins with a topic already there';
comment on column mart.topic_life.half_month is 'First month after the peak with at most half of its share; null where there is none yet';
comment on column mart.topic_life.half_life_months is 'Months from the peak to half_month';
comment on column mart.topic_life.second_peak_month is 'First month after half_month with at least three quarters of the peak again; null where there is none';
comment on column mart.topic_life.last_month is 'The newest testable month';
comment on column mart.topic_life.last_share is 'The share around it, 0..1';
comment on column mart.topic_life.phase is 'too few papers, at its highest, past its peak, fallen by half, or back';
