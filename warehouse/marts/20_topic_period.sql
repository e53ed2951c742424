-- mart.topic_period, one row per topic that papers have, and period with papers of a daily list: zeros
-- before the first paper of the topic, too.
-- Topics of level general are left out: they stand on too many papers to say anything. A paper
-- counts for a topic that its text names; what only the words around tell of is no trend.
-- Counts are integers to the end; every share is one division. Averages and growth stay within a
-- stretch of comparable periods; see mart.feed_coverage.
delete from mart.topic_period;

insert into mart.topic_period by name
with anchors as (
    select
        feed_id,
        min(period_start) as anchor
    from mart.feed_coverage
    where grain = 'four-weeks'
    group by feed_id
),

counts as (
    select
        listed.feed_id,
        topic.taxonomy_version,
        topic.topic_id,
        grain,
        core.period_of(grain, listed.first_feed_date, anchor) as period_start,
        count(*)::integer as papers
    from core.feed_paper as listed
    inner join core.paper_topic as topic using (paper_id)
    inner join core.topic as node
        on node.taxonomy_version = topic.taxonomy_version
        and node.topic_id = topic.topic_id
        and node.level <> 'general'
    cross join (select unnest(['day', 'week', 'four-weeks', 'month']) as grain)
    left join anchors on anchors.feed_id = listed.feed_id
    where topic.method = 'dictionary' and (grain <> 'four-weeks' or anchor is not null)
    group by all
),

first_periods as (
    select
        feed_id,
        taxonomy_version,
        topic_id,
        grain,
        min(period_start) as period_start
    from counts
    group by all
),

dense as (
    select
        first_periods.feed_id,
        first_periods.taxonomy_version,
        first_periods.topic_id,
        first_periods.grain,
        coverage.period_start,
        coalesce(counts.papers, 0) as papers,
        coverage.papers as observed,
        coverage.coverage_share,
        coverage.complete_share,
        coverage.is_testable,
        coverage.stretch
    from first_periods
    inner join mart.feed_coverage as coverage
        on coverage.feed_id = first_periods.feed_id
        and coverage.grain = first_periods.grain
    left join counts
        on counts.feed_id = first_periods.feed_id
        and counts.taxonomy_version = first_periods.taxonomy_version
        and counts.topic_id = first_periods.topic_id
        and counts.grain = first_periods.grain
        and counts.period_start = coverage.period_start
    where coverage.papers > 0
),

windows as (
    select
        *,
        if(is_testable, sum(papers) over last_four, papers) as papers_4,
        if(is_testable, sum(observed) over last_four, observed) as observed_4,
        if(is_testable, coalesce(sum(papers) over before, 0), 0) as papers_before,
        if(is_testable, coalesce(sum(observed) over before, 0), 0) as observed_before
    from dense
    window
        last_four as (
            partition by feed_id, taxonomy_version, topic_id, grain, stretch
            order by period_start
            rows between 3 preceding and current row
        ),
        before as (
            partition by feed_id, taxonomy_version, topic_id, grain, stretch
            order by period_start
            rows between 4 preceding and 1 preceding
        )
),

shares as (
    select
        *,
        papers / observed as share,
        core.share_interval(papers, observed) as interval_95
    from windows
),

ratios as (
    select
        *,
        core.log_growth(papers, observed, papers_before, observed_before) as log_growth,
        core.log_growth_error(papers, observed, papers_before, observed_before)
            as log_growth_error
    from shares
),

rounded as (
    select
        *,
        round(exp(log_growth), 9) as growth,
        round(exp(log_growth - 1.96 * log_growth_error), 9) as growth_low,
        round(exp(log_growth + 1.96 * log_growth_error), 9) as growth_high,
        -- a topic of every paper, now and before, has neither growth nor error
        round(if(log_growth_error > 0, log_growth / log_growth_error, log_growth), 9) as growth_z
    from ratios
)

select
    feed_id,
    taxonomy_version,
    topic_id,
    grain,
    period_start,
    papers,
    observed,
    share,
    interval_95.low as share_low,
    interval_95.high as share_high,
    papers_4 / observed_4 as share_average_4,
    growth,
    growth_low,
    growth_high,
    growth_z,
    row_number() over (
        partition by feed_id, taxonomy_version, grain, period_start
        order by papers desc, topic_id
    )::integer as share_rank,
    case when log_growth is not null and log_growth_error > 0 then
        row_number() over (
            partition by feed_id, taxonomy_version, grain, period_start
            order by if(log_growth_error > 0, growth_low, null) desc nulls last, topic_id
        )::integer
    end as growth_rank,
    coverage_share,
    complete_share,
    is_testable,
    stretch
from rounded
order by feed_id, taxonomy_version, grain, topic_id, period_start;
