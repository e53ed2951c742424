-- How even the mix of topics is in each testable month: the entropy of the shares that topics have of
-- all assignments (Shannon 1948), with what small numbers take from it added (Miller 1955).
create or replace view mart.topic_mix as
with mix as (
    select
        *,
        sum(papers) over (partition by feed_id, taxonomy_version, period_start) as assignments
    from mart.topic_period
    where grain = 'month' and is_testable and papers > 0
),

summed as (
    select
        feed_id,
        taxonomy_version,
        period_start,
        any_value(observed) as observed,
        count(*)::integer as topics,
        any_value(assignments)::integer as assignments,
        -sum(papers / assignments * ln(papers / assignments))
        + (count(*) - 1) / (2 * any_value(assignments)) as entropy
    from mix
    group by feed_id, taxonomy_version, period_start
)

select
    feed_id,
    taxonomy_version,
    period_start,
    observed,
    topics,
    assignments,
    round(entropy, 6) as entropy,
    round(exp(entropy), 3) as effective_topics
from summed
order by feed_id, taxonomy_version, period_start;

comment on view mart.topic_mix is 'How even the mix of topics is in one testable month of one daily list';
comment on column mart.topic_mix.feed_id is 'The feed';
comment on column mart.topic_mix.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_mix.period_start is 'First day of the month';
comment on column mart.topic_mix.observed is 'All papers of the feed in it';
comment on column mart.topic_mix.topics is 'Topics with papers in it; general ones are left out';
comment on column mart.topic_mix.assignments is 'Papers summed over topics: a paper counts for each of its topics';
comment on column mart.topic_mix.entropy is 'Entropy of the shares of the topics in assignments, in nats, with the correction of Miller (1955)';
comment on column mart.topic_mix.effective_topics is 'exp(entropy): as even as so many topics of one size (Hill 1973)';

-- Whether unusual papers get more votes: papers with two topics at least, in four quarters by their
-- rarest pair, by the votes of their latest look at an age of at most one day.
create or replace view mart.novelty_votes as
with votes as (
    select
        feed_id,
        paper_id,
        arg_max(votes, captured_at) as votes
    from core.paper_votes
    where age_days <= 1
    group by feed_id, paper_id
),

quarters as (
    select
        feed_id,
        ln(1 + greatest(votes, 0)) as log_votes,
        ntile(4) over (
            partition by feed_id
            order by novelty.rarest_pair_log_odds, novelty.paper_id
        ) as quarter
    from mart.paper_novelty as novelty
    inner join votes using (feed_id, paper_id)
),

means as (
    select
        feed_id,
        quarter,
        count(*) as papers,
        avg(log_votes) as mean,
        var_samp(log_votes) / count(*) as variance
    from quarters
    group by feed_id, quarter
)

select
    means.feed_id,
    means.quarter,
    means.papers,
    round(exp(means.mean) - 1, 3) as votes_mean,
    round(exp(means.mean - usual.mean), 3) as ratio,
    round(exp(means.mean - usual.mean - 1.96 * sqrt(means.variance + usual.variance)), 3)
        as ratio_low,
    round(exp(means.mean - usual.mean + 1.96 * sqrt(means.variance + usual.variance)), 3)
        as ratio_high
from means
inner join means as usual on usual.feed_id = means.feed_id and usual.quarter = 4
where means.quarter < 4
order by means.feed_id, means.quarter;

comment on view mart.novelty_votes is 'Votes of the more novel papers of one daily list against those of its least novel quarter, at an age of at most one day';
comment on column mart.novelty_votes.feed_id is 'The feed';
comment on column mart.novelty_votes.quarter is '1 is the most novel quarter of the papers by mart.paper_novelty, 4 the least; 4 is what the others are held against';
comment on column mart.novelty_votes.papers is 'Papers in the quarter';
comment on column mart.novelty_votes.votes_mean is 'Geometric mean of 1 + votes, less 1';
comment on column mart.novelty_votes.ratio is 'Geometric mean of 1 + votes over that of quarter 4';
comment on column mart.novelty_votes.ratio_low is 'Lower end of its 95 % interval; null with fewer than two papers';
comment on column mart.novelty_votes.ratio_high is 'Upper end of its 95 % interval; null with fewer than two papers';
