-- mart.topic_period, one row per topic that papers have, and period with papers of a daily list: zeros
-- before the first paper of the topic, too.
-- Topics of level general are left out: they stand on too many papers to say anything. A paper
-- counts for a topic that its text names; what only the words around tell of is no trend.
-- Counts are integers to the end; every share is one division. Averages and growth stay within a
-- stretch of comparable periods; see mart.feed_coverage.
-- A row depends on the counts of its period and of the four before it in its stretch, its ranks on the
-- topics of its period: so that periods before the first one with another count, another coverage or
-- another topic are left as they are. Papers are counted from the first touched day on alone, unless four
-- weeks begin elsewhere than before.
create or replace temp table counted_from as
with anchors as (
    select
        feed_id,
        min(period_start) filter (grain = 'four-weeks') as anchor
    from mart.feed_coverage
    group by feed_id
),

anchors_before as (
    select
        feed_id,
        min(period_start) filter (grain = 'four-weeks') as anchor
    from coverage_before
    group by feed_id
),

first_days as (
    select
        feed_id,
        min(feed_date) as first_day
    from touched_day
    group by feed_id
)

select
    feed_id,
    grain,
    anchors.anchor,
    case
        when grain = 'four-weeks' and anchors.anchor is distinct from anchors_before.anchor
            then '-infinity'::date
        when feed_id not in (select feed_id from mart.topic_period) then '-infinity'::date
        when first_day is null then 'infinity'::date
        else core.period_of(grain, first_day, anchors.anchor)
    end as first_counted
from anchors
cross join (select unnest(['day', 'week', 'four-weeks', 'month']) as grain)
left join anchors_before using (feed_id)
left join first_days using (feed_id)
where grain <> 'four-weeks' or anchors.anchor is not null;

create or replace temp table topic_count as
with listed as (
    select feed_paper.*
    from core.feed_paper
    inner join (
        select
            feed_id,
            min(first_counted) as first_day
        from counted_from
        group by feed_id
    ) as first_days
        on first_days.feed_id = feed_paper.feed_id
        and feed_paper.first_feed_date >= first_days.first_day
),

by_day as (
    select
        listed.feed_id,
        topic.taxonomy_version,
        topic.topic_id,
        listed.first_feed_date,
        count(*) as papers
    from listed
    inner join core.paper_topic as topic using (paper_id)
    inner join core.topic as node
        on node.taxonomy_version = topic.taxonomy_version
        and node.topic_id = topic.topic_id
        and node.level <> 'general'
    where topic.method = 'dictionary'
    group by all
)

select
    by_day.feed_id,
    taxonomy_version,
    topic_id,
    grain,
    core.period_of(grain, first_feed_date, anchor) as period_start,
    sum(papers)::integer as papers
from by_day
inner join counted_from using (feed_id)
where core.period_of(grain, first_feed_date, anchor) >= first_counted
group by all;

create or replace temp table counted_topic as
select
    feed_id,
    taxonomy_version,
    topic_id,
    grain
from topic_count
union
select
    period.feed_id,
    period.taxonomy_version,
    period.topic_id,
    period.grain
from mart.topic_period as period
inner join counted_from using (feed_id, grain)
where period.papers > 0 and period.period_start < first_counted;

-- every topic has a row in every period with papers
create or replace temp table topic_before as
select
    feed_id,
    taxonomy_version,
    topic_id,
    grain
from mart.topic_period
where
    (feed_id, grain, period_start) in (
        select (feed_id, grain, max(period_start))
        from coverage_before
        where papers > 0
        group by feed_id, grain
    );

create or replace temp table changed_from as
with before as (
    select
        feed_id,
        taxonomy_version,
        topic_id,
        grain,
        period_start,
        period.papers
    from mart.topic_period as period
    inner join counted_from using (feed_id, grain)
    where period.papers > 0 and period_start >= first_counted
),

now as (
    select topic_count.*
    from topic_count
    semi join (from mart.feed_coverage where papers > 0) as covered
        using (feed_id, grain, period_start)
),

-- as far as there are topics
covered_before as (
    select
        feed_id,
        grain,
        period_start,
        papers as observed,
        coverage_share,
        complete_share,
        is_testable,
        stretch
    from coverage_before
    semi join topic_before using (feed_id, grain)
    where papers > 0
),

covered_now as (
    select
        feed_id,
        grain,
        period_start,
        papers as observed,
        coverage_share,
        complete_share,
        is_testable,
        stretch
    from mart.feed_coverage
    semi join counted_topic using (feed_id, grain)
    where papers > 0
),

changes as (
    select
        feed_id,
        grain,
        period_start
    from now
    full join before using (feed_id, taxonomy_version, topic_id, grain, period_start)
    where now.papers is distinct from before.papers
    union all
    select
        feed_id,
        grain,
        period_start
    from (
        (from covered_now except from covered_before)
        union all
        (from covered_before except from covered_now)
    )
    union all
    select
        feed_id,
        grain,
        '-infinity'::date
    from (
        (from counted_topic except from topic_before)
        union all
        (from topic_before except from counted_topic)
    )
)

select
    feed_id,
    grain,
    min(period_start) as first_period
from changes
group by all;

-- what the windows of the first of them reach back to
create or replace temp table read_from as
select
    feed_id,
    grain,
    first_period,
    coalesce(
        (
            select min(period_start)
            from (
                select period_start
                from mart.feed_coverage as coverage
                where
                    coverage.feed_id = changed_from.feed_id
                    and coverage.grain = changed_from.grain
                    and coverage.period_start < changed_from.first_period
                    and coverage.is_testable
                    and coverage.papers > 0
                order by period_start desc
                limit 4
            )
        ),
        first_period
    ) as read_period
from changed_from;

-- what is not counted anew, in these windows
insert into topic_count
select
    period.feed_id,
    period.taxonomy_version,
    period.topic_id,
    period.grain,
    period.period_start,
    period.papers
from mart.topic_period as period
inner join counted_from using (feed_id, grain)
inner join read_from using (feed_id, grain)
where
    period.papers > 0
    and period.period_start >= read_period
    and period.period_start < first_counted;

delete from mart.topic_period
using changed_from
where
    topic_period.feed_id = changed_from.feed_id
    and topic_period.grain = changed_from.grain
    and topic_period.period_start >= changed_from.first_period;

insert into mart.topic_period by name
with dense as (
    select
        topics.feed_id,
        topics.taxonomy_version,
        topics.topic_id,
        topics.grain,
        coverage.period_start,
        coalesce(counts.papers, 0) as papers,
        coverage.papers as observed,
        coverage.coverage_share,
        coverage.complete_share,
        coverage.is_testable,
        coverage.stretch
    from counted_topic as topics
    inner join read_from
        on read_from.feed_id = topics.feed_id
        and read_from.grain = topics.grain
    inner join mart.feed_coverage as coverage
        on coverage.feed_id = topics.feed_id
        and coverage.grain = topics.grain
        and coverage.period_start >= read_from.read_period
    left join topic_count as counts
        on counts.feed_id = topics.feed_id
        and counts.taxonomy_version = topics.taxonomy_version
        and counts.topic_id = topics.topic_id
        and counts.grain = topics.grain
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
inner join changed_from using (feed_id, grain)
where period_start >= first_period
order by feed_id, taxonomy_version, grain, topic_id, period_start;

drop table topic_count;
