-- How topics go together: papers of a daily list, as it shows them first. A paper counts for a topic
-- that its text names; what only the words around tell of is a guess, and makes no pair.
create or replace view mart.topic_pair as
with listed as (
    select
        listed.feed_id,
        listed.paper_id,
        topic.topic_id
    from core.feed_paper as listed
    inner join core.paper_topic as topic using (paper_id)
    inner join core.topic as named using (taxonomy_version, topic_id)
    where named.level <> 'general' and topic.method = 'dictionary'
),

totals as (
    select
        feed_id,
        count(*) as observed
    from core.feed_paper
    group by feed_id
),

singles as (
    select
        feed_id,
        topic_id,
        count(*) as papers
    from listed
    group by feed_id, topic_id
),

pairs as (
    select
        a.feed_id,
        a.topic_id,
        b.topic_id as other_topic_id,
        count(*) as papers
    from listed as a
    inner join listed as b on b.feed_id = a.feed_id and b.paper_id = a.paper_id
    where a.topic_id < b.topic_id
    group by a.feed_id, a.topic_id, b.topic_id
),

counted as (
    select
        pairs.*,
        one.papers as topic_papers,
        other.papers as other_papers,
        totals.observed,
        one.papers * other.papers / totals.observed as expected,
        -- log odds ratio of the two by two table, half a paper added to each cell (Haldane 1956,
        -- Anscombe 1956)
        ln(pairs.papers + 0.5)
        + ln(totals.observed - one.papers - other.papers + pairs.papers + 0.5)
        - ln(one.papers - pairs.papers + 0.5)
        - ln(other.papers - pairs.papers + 0.5) as log_odds,
        sqrt(
            1 / (pairs.papers + 0.5)
            + 1 / (totals.observed - one.papers - other.papers + pairs.papers + 0.5)
            + 1 / (one.papers - pairs.papers + 0.5)
            + 1 / (other.papers - pairs.papers + 0.5)
        ) as log_odds_error
    from pairs
    inner join totals using (feed_id)
    inner join singles as one on one.feed_id = pairs.feed_id and one.topic_id = pairs.topic_id
    inner join singles as other
        on other.feed_id = pairs.feed_id and other.topic_id = pairs.other_topic_id
)

select
    feed_id,
    topic_id,
    other_topic_id,
    papers,
    topic_papers,
    other_papers,
    observed,
    round(expected, 3) as expected,
    round(log_odds, 6) as log_odds,
    round(log_odds - 1.96 * log_odds_error, 6) as log_odds_low,
    round(log_odds + 1.96 * log_odds_error, 6) as log_odds_high
from counted
order by feed_id, log_odds_low desc, topic_id, other_topic_id;

comment on view mart.topic_pair is 'Two topics that papers of one daily list name together, against chance; each pair once, the ids in ascending order';
comment on column mart.topic_pair.feed_id is 'The feed';
comment on column mart.topic_pair.topic_id is 'One topic';
comment on column mart.topic_pair.other_topic_id is 'The other topic';
comment on column mart.topic_pair.papers is 'Papers that name both';
comment on column mart.topic_pair.topic_papers is 'Papers that name the one';
comment on column mart.topic_pair.other_papers is 'Papers that name the other';
comment on column mart.topic_pair.observed is 'All papers of the feed: the denominator';
comment on column mart.topic_pair.expected is 'Papers with both, were the two independent';
comment on column mart.topic_pair.log_odds is 'Log odds ratio: above 0 they go together, below 0 they avoid each other';
comment on column mart.topic_pair.log_odds_low is 'Lower end of its 95 % interval (Woolf 1955)';
comment on column mart.topic_pair.log_odds_high is 'Upper end of its 95 % interval (Woolf 1955): below 0 the pair is unusual';

create or replace view mart.paper_novelty as
select
    listed.feed_id,
    listed.paper_id,
    min(pair.log_odds) as rarest_pair_log_odds,
    arg_min(pair.topic_id, (pair.log_odds, pair.topic_id, pair.other_topic_id)) as topic_id,
    arg_min(pair.other_topic_id, (pair.log_odds, pair.topic_id, pair.other_topic_id))
        as other_topic_id,
    count(*) as pairs
from core.feed_paper as listed
inner join core.paper_topic as a using (paper_id)
inner join core.paper_topic as b on b.paper_id = listed.paper_id and a.topic_id < b.topic_id
inner join mart.topic_pair as pair
    on pair.feed_id = listed.feed_id
    and pair.topic_id = a.topic_id
    and pair.other_topic_id = b.topic_id
where a.method = 'dictionary' and b.method = 'dictionary'
group by listed.feed_id, listed.paper_id;

comment on view mart.paper_novelty is 'The least usual pair of topics of one paper with at least two topics, in one daily list';
comment on column mart.paper_novelty.feed_id is 'The feed';
comment on column mart.paper_novelty.paper_id is 'The paper';
comment on column mart.paper_novelty.rarest_pair_log_odds is 'The lowest log odds ratio of its pairs of topics; see mart.topic_pair: the lower, the less usual';
comment on column mart.paper_novelty.topic_id is 'One topic of that pair';
comment on column mart.paper_novelty.other_topic_id is 'The other topic of that pair';
comment on column mart.paper_novelty.pairs is 'How many pairs of topics it has';
