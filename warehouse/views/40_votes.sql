-- Votes against what is usual for their age. A band of ages is as wide as captures are sparse there.
create or replace macro core.age_band(age_days) as
case
    when age_days < 3 then age_days
    when age_days < 7 then 3
    when age_days < 14 then 7
    when age_days < 30 then 14
    when age_days < 90 then 30
    when age_days < 365 then 90
    else 365
end;

-- Votes with the age of the paper at each look, by the looks up to an instant, UTC: a list that was
-- looked at later makes no paper older. All looks, also those without a time, if it is null.
create or replace macro core.paper_votes_by(instant) as table
with listed as (
    select
        feed_id,
        paper_id,
        min(feed_date) as first_feed_date
    from core.entry
    where
        is_of_list
        and feed_date is not null
        and (instant is null or captured_at <= instant)
    group by feed_id, paper_id
)

select
    listed.feed_id,
    listed.paper_id,
    metric.captured_at,
    date_diff('day', listed.first_feed_date, metric.captured_at::date) as age_days,
    max(metric.votes) as votes
from listed
inner join core.paper_metric as metric
    on metric.paper_id = listed.paper_id and metric.feed_id = listed.feed_id
where
    metric.votes is not null
    and metric.captured_at >= listed.first_feed_date
    and (instant is null or metric.captured_at <= instant)
group by listed.feed_id, listed.paper_id, listed.first_feed_date, metric.captured_at;

create or replace view core.paper_votes as
select * from core.paper_votes_by(null::timestamp);

comment on view core.paper_votes is 'Votes of one paper at one look of one daily list, with its age then';
comment on column core.paper_votes.feed_id is 'The feed';
comment on column core.paper_votes.paper_id is 'The paper';
comment on column core.paper_votes.captured_at is 'When the look was taken, UTC; looks of unknown time have no age, and are left out';
comment on column core.paper_votes.age_days is 'Days from the date on which the list showed it first to the day of the look, UTC';
comment on column core.paper_votes.votes is 'Votes at the look';

create or replace view mart.vote_age_curve as
with latest as (
    select
        feed_id,
        paper_id,
        core.age_band(age_days) as age_from,
        arg_max(votes, captured_at) as votes
    from core.paper_votes
    group by feed_id, paper_id, core.age_band(age_days)
)

select
    feed_id,
    age_from,
    count(*) as papers,
    quantile_cont(votes, 0.25) as votes_low,
    median(votes) as votes_usual,
    quantile_cont(votes, 0.75) as votes_high
from latest
group by feed_id, age_from
order by feed_id, age_from;

comment on view mart.vote_age_curve is 'How many votes the papers of one daily list have at an age: the latest look of each paper in the band of ages';
comment on column mart.vote_age_curve.feed_id is 'The feed';
comment on column mart.vote_age_curve.age_from is 'First day of the band of ages: 0, 1, 2, 3 to 6, 7 to 13, 14 to 29, 30 to 89, 90 to 364, 365 and more days after the first date on the list';
comment on column mart.vote_age_curve.papers is 'Papers that were looked at in the band: the denominator';
comment on column mart.vote_age_curve.votes_low is 'A quarter of them had at most so many votes';
comment on column mart.vote_age_curve.votes_usual is 'Half of them had at most so many votes';
comment on column mart.vote_age_curve.votes_high is 'Three quarters of them had at most so many votes';

-- What the looks up to an instant say of papers that were at most thirty days old at the newest of
-- them. The score is ln((1 + votes) / (1 + usual votes of the age)) - ln(2) * age in days / 7: votes
-- against the usual, halved with every week of age. All looks count if the instant is null.
create or replace macro mart.trending_as_of(instant) as table
with votes as (
    select * from core.paper_votes_by(core.end_of(instant))
),

banded as (
    select
        feed_id,
        paper_id,
        core.age_band(age_days) as age_from,
        arg_max(votes, captured_at) as votes
    from votes
    group by feed_id, paper_id, core.age_band(age_days)
),

curve as (
    select
        feed_id,
        age_from,
        count(*) as papers,
        median(votes) as votes_usual
    from banded
    group by feed_id, age_from
),

looks as (
    select
        *,
        max(captured_at) over (partition by feed_id) as clock_at,
        lag(votes) over (partition by feed_id, paper_id order by captured_at) as votes_before,
        lag(captured_at) over (partition by feed_id, paper_id order by captured_at) as before_at
    from votes
    qualify row_number() over (partition by feed_id, paper_id order by captured_at desc) = 1
),

scored as (
    select
        looks.feed_id,
        looks.paper_id,
        looks.captured_at,
        looks.age_days,
        looks.votes,
        curve.votes_usual,
        curve.papers as papers_of_age,
        looks.votes - looks.votes_before as gained,
        round(date_diff('second', looks.before_at, looks.captured_at) / 3600, 2) as gained_in_hours,
        round(
            ln((1 + greatest(looks.votes, 0)) / (1 + greatest(curve.votes_usual, 0)))
            - ln(2) * looks.age_days / 7,
            6
        ) as score
    from looks
    inner join curve
        on curve.feed_id = looks.feed_id and curve.age_from = core.age_band(looks.age_days)
    where date_diff('day', looks.captured_at, looks.clock_at) + looks.age_days <= 30
)

select
    row_number() over (partition by feed_id order by score desc, paper_id) as rank,
    scored.*
from scored
order by feed_id, rank;

comment on macro table mart.trending_as_of is 'Papers of each daily list by votes against the usual of their age, from the looks up to an instant (UTC; a date is the whole day)';

create or replace view mart.paper_trend as
select * from mart.trending_as_of(null::timestamp);

comment on view mart.paper_trend is 'Papers of each daily list that were at most thirty days old at its newest look, by votes against the usual of their age';
comment on column mart.paper_trend.rank is 'Rank by score within the feed, 1 is the highest';
comment on column mart.paper_trend.feed_id is 'The feed';
comment on column mart.paper_trend.paper_id is 'The paper';
comment on column mart.paper_trend.captured_at is 'The latest look that shows its votes, UTC';
comment on column mart.paper_trend.age_days is 'Its age at that look, in days from its first date on the list';
comment on column mart.paper_trend.votes is 'Votes at that look';
comment on column mart.paper_trend.votes_usual is 'Median votes of the papers of the feed at that age; see mart.vote_age_curve';
comment on column mart.paper_trend.papers_of_age is 'Papers that the median rests on';
comment on column mart.paper_trend.gained is 'Votes more than at the look before; null if there is none';
comment on column mart.paper_trend.gained_in_hours is 'Hours between these two looks; null if there is none';
comment on column mart.paper_trend.score is 'ln((1 + votes) / (1 + votes_usual)) - ln(2) * age_days / 7';
