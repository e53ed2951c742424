-- The life of a topic in one daily list, by the testable months of its newest stretch that was searched:
-- no peak, and no fall to half, crosses a gap or a change of the list. Two readings stand side by side.
-- What was seen: the month around which the share stood highest and the first one with at most half of
-- that (ratios of sums over three months, so that no single month makes a peak). What it means: a
-- Gompertz curve with its intervals (mart.topic_curve), where the shares carry one.
create or replace view mart.topic_life as
with newest as (
    select
        feed_id,
        arg_max(stretch, (topics > 0, stretch)) as stretch
    from mart.trend_list
    where grain = 'month'
    group by feed_id
),

months as (
    select
        period.feed_id,
        period.taxonomy_version,
        period.topic_id,
        period.stretch,
        period.period_start,
        period.papers,
        period.observed,
        sum(period.papers) over near / sum(period.observed) over near as share
    from mart.topic_period as period
    inner join newest using (feed_id, stretch)
    where period.grain = 'month' and period.is_testable
    window near as (
        partition by period.feed_id, period.taxonomy_version, period.topic_id
        order by period.period_start
        rows between 1 preceding and 1 following
    )
),

totals as (
    select
        feed_id,
        taxonomy_version,
        topic_id,
        stretch,
        sum(papers)::integer as papers,
        sum(observed)::integer as observed,
        count(*)::integer as months,
        min(period_start) as first_month,
        max(share) as peak_share,
        arg_max(period_start, struct_pack(share := share, earlier := -epoch(period_start)))
            as peak_month,
        max(period_start) as last_month,
        arg_max(share, period_start) as last_share
    from months
    group by feed_id, taxonomy_version, topic_id, stretch
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
),

told as (
    select
        totals.*,
        curve.* exclude (feed_id, taxonomy_version, topic_id, stretch, periods, papers, observed, peak_share),
        curve.peak_share as curve_share,
        curve.course <> 'too few papers' as is_told,
        firsts.first_seen,
        -- a topic of the first month, or of before, may be of any age
        firsts.first_seen >= totals.first_month + interval 1 month as is_birth_seen,
        halved.half_month,
        again.second_peak_month
    from totals
    inner join mart.topic_curve as curve using (feed_id, taxonomy_version, topic_id, stretch)
    inner join firsts using (feed_id, taxonomy_version, topic_id)
    left join halved using (feed_id, taxonomy_version, topic_id)
    left join again using (feed_id, taxonomy_version, topic_id)
)

select
    feed_id,
    taxonomy_version,
    topic_id,
    stretch,
    first_seen,
    first_month,
    last_month,
    papers,
    observed,
    months,
    is_told,
    if(is_told, peak_month, null) as peak_month,
    if(is_told, round(peak_share, 6), null) as peak_share,
    if(is_told and is_birth_seen, date_diff('month', date_trunc('month', first_seen), peak_month), null)
        as months_to_peak,
    if(is_told, half_month, null) as half_month,
    if(is_told, date_diff('month', peak_month, half_month), null) as half_life_months,
    if(is_told, second_peak_month, null) as second_peak_month,
    if(is_told, round(last_share, 6), null) as last_share,
    course,
    curve_share,
    peak_date as curve_peak_date,
    peak_low as curve_peak_low,
    peak_high as curve_peak_high,
    if(is_birth_seen, round((peak_date - first_seen) / 30.4375, 3), null) as curve_months_to_peak,
    if(is_birth_seen and peak_date is not null, round((peak_low - first_seen) / 30.4375, 3), null)
        as curve_months_to_peak_low,
    if(is_birth_seen and peak_date is not null, round((peak_high - first_seen) / 30.4375, 3), null)
        as curve_months_to_peak_high,
    half_life_months as curve_half_life_months,
    half_life_low as curve_half_life_low,
    half_life_high as curve_half_life_high,
    second_date as curve_second_date,
    second_low as curve_second_low,
    second_high as curve_second_high,
    case
        when course in ('too few papers', 'steady', 'another course') then course
        when course = 'rising' then 'not yet past a peak'
        when course = 'two peaks' then 'back for a second peak'
        when half_month is not null then 'fallen by half'
        else 'past its peak'
    end as phase
from told
order by feed_id, papers desc, topic_id;

comment on view mart.topic_life is 'The life of one topic in one daily list, in its newest stretch of months that was searched: first seen, peak, fall to half, second peak, as seen and as a Gompertz curve tells it';
comment on column mart.topic_life.feed_id is 'The feed';
comment on column mart.topic_life.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_life.topic_id is 'The topic';
comment on column mart.topic_life.stretch is 'The stretch of testable months that all but first_seen is told of; see mart.feed_coverage';
comment on column mart.topic_life.first_seen is 'The first date of the list with a paper that names it, in any stretch';
comment on column mart.topic_life.first_month is 'First month of the stretch';
comment on column mart.topic_life.last_month is 'Last month of the stretch';
comment on column mart.topic_life.papers is 'Papers of it in the stretch';
comment on column mart.topic_life.observed is 'All papers of the feed in these months: the denominator';
comment on column mart.topic_life.months is 'Testable months of the stretch';
comment on column mart.topic_life.is_told is 'At least 30 papers in at least 8 months: else what follows is null, for so few say nothing';
comment on column mart.topic_life.peak_month is 'First day of the month around which its share stood highest (ratio of sums of three months)';
comment on column mart.topic_life.peak_share is 'That share, 0..1';
comment on column mart.topic_life.months_to_peak is 'Months from first_seen to peak_month; null where the topic was there in the first month of the stretch, or before: it may be of any age';
comment on column mart.topic_life.half_month is 'First month after the peak with at most half of its share; null where there is none yet';
comment on column mart.topic_life.half_life_months is 'Months from peak_month to half_month, as seen; with an interval see curve_half_life_months';
comment on column mart.topic_life.second_peak_month is 'First month after half_month with at least three quarters of the peak again; null where there is none';
comment on column mart.topic_life.last_share is 'The share around last_month, 0..1';
comment on column mart.topic_life.course is 'What a curve tells; see mart.topic_curve';
comment on column mart.topic_life.curve_share is 'Share at the (first) peak of the curve, 0..1; null where the stretch holds no peak';
comment on column mart.topic_life.curve_peak_date is 'When the curve peaks (first); null where the stretch holds no peak';
comment on column mart.topic_life.curve_peak_low is 'Lower end of its 95 % interval; of what is rising the earliest date for a peak';
comment on column mart.topic_life.curve_peak_high is 'Upper end of it; of what is fading the latest date for a peak';
comment on column mart.topic_life.curve_months_to_peak is 'Months from first_seen to curve_peak_date; null as months_to_peak, and where there is no peak';
comment on column mart.topic_life.curve_months_to_peak_low is 'Lower end of its 95 % interval';
comment on column mart.topic_life.curve_months_to_peak_high is 'Upper end of it';
comment on column mart.topic_life.curve_half_life_months is 'Months from the (first) peak until the curve has half of its share; its end may lie after the stretch';
comment on column mart.topic_life.curve_half_life_low is 'Lower end of its 95 % interval';
comment on column mart.topic_life.curve_half_life_high is 'Upper end of it; null where the shares set none';
comment on column mart.topic_life.curve_second_date is 'When the second curve peaks; null where there is none';
comment on column mart.topic_life.curve_second_low is 'Lower end of its 95 % interval';
comment on column mart.topic_life.curve_second_high is 'Upper end of it; null where the second peak may lie after the stretch';
comment on column mart.topic_life.phase is 'too few papers, steady, not yet past a peak, past its peak, fallen by half, back for a second peak, or another course; by course and half_month';
