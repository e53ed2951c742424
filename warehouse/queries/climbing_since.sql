-- Since which look each paper that climbs has stood as high as the last one that is listed now, by the
-- score of mart.paper_trend and today's curve of usual votes. Grain: feed and paper.
with listed as (
    select
        feed_id,
        paper_id,
        min(score) over (partition by feed_id) as cut
    from mart.paper_trend
    where rank <= $limit
)

select
    votes.feed_id,
    votes.paper_id,
    min(votes.captured_at) as climbs_since
from core.paper_votes as votes
inner join listed using (feed_id, paper_id)
inner join mart.vote_age_curve as curve
    on curve.feed_id = votes.feed_id and curve.age_from = core.age_band(votes.age_days)
where
    ln((1 + greatest(votes.votes, 0)) / (1 + greatest(curve.votes_usual, 0)))
    - ln(2) * votes.age_days / 7
    >= listed.cut - 0.000001
group by votes.feed_id, votes.paper_id
