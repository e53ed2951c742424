-- Votes gained over windows that end at the newest look of the feed, from two looks at a paper: the
-- last one at all, and the last one before the window begins, if it is at most a window older; else
-- the first one within the window. Nothing is interpolated: hours says how long the two are apart.
create or replace macro mart.paper_gain_as_of(instant) as table
with looks as (
    select
        *,
        max(captured_at) over (partition by feed_id) as clock_at
    from core.paper_votes
    where captured_at <= core.end_of(instant)
),

placed as (
    select
        looks.*,
        window_days,
        clock_at - to_days(window_days) as begin_at
    from looks
    cross join (select unnest([1, 7, 30]) as window_days)
),

ends as (
    select
        feed_id,
        paper_id,
        window_days,
        any_value(begin_at) as begin_at,
        max(captured_at) as to_at,
        arg_max(votes, captured_at) as votes_to,
        coalesce(
            max(captured_at) filter (captured_at <= begin_at),
            min(captured_at)
        ) as from_at,
        coalesce(
            arg_max(votes, captured_at) filter (captured_at <= begin_at),
            arg_min(votes, captured_at)
        ) as votes_from
    from placed
    where captured_at > begin_at - to_days(window_days)
    group by feed_id, paper_id, window_days
)

select
    feed_id,
    window_days,
    row_number() over (
        partition by feed_id, window_days
        order by votes_to - votes_from desc, paper_id
    )::integer as rank,
    paper_id,
    votes_to - votes_from as gained,
    votes_from,
    votes_to,
    from_at,
    to_at,
    round(date_diff('second', from_at, to_at) / 3600, 2) as hours,
    from_at <= begin_at as is_whole
from ends
where to_at > begin_at and from_at < to_at
order by feed_id, window_days, rank;

comment on macro table mart.paper_gain_as_of is 'Votes that papers gained over windows of 1, 7 and 30 days, from the looks up to an instant (UTC; a date is the whole day)';

create or replace view mart.paper_gain as
select * from mart.paper_gain_as_of('9999-12-31');

comment on view mart.paper_gain is 'Votes that one paper gained on one daily list over a window of 1, 7 or 30 days up to the newest look of the feed; only papers with two looks that tell';
comment on column mart.paper_gain.feed_id is 'The feed';
comment on column mart.paper_gain.window_days is 'Length of the window in days: 1, 7 or 30';
comment on column mart.paper_gain.rank is 'Rank by gained within feed and window, 1 is the most';
comment on column mart.paper_gain.paper_id is 'The paper';
comment on column mart.paper_gain.gained is 'votes_to - votes_from; below 0 where votes were taken back';
comment on column mart.paper_gain.votes_from is 'Votes at the look from_at';
comment on column mart.paper_gain.votes_to is 'Votes at the look to_at';
comment on column mart.paper_gain.from_at is 'The last look before the window begins, if at most a window older, else the first look within it, UTC';
comment on column mart.paper_gain.to_at is 'The latest look at the paper, UTC; it lies within the window';
comment on column mart.paper_gain.hours is 'Hours between the two looks: what is gained, was gained in so long';
comment on column mart.paper_gain.is_whole is 'Whether from_at lies before the window: else it saw a part of the window alone, and what was gained before is not in it';
