-- The papers that stand highest by votes against the usual of their age (see mart.paper_trend), and
-- which of them did not at the looks up to an instant, or were not published here until another.
with before as (
    select
        feed_id,
        paper_id
    from mart.trending_as_of($captured_before::timestamp)
    where rank <= $limit and votes > votes_usual
)

select
    trend.feed_id,
    trend.paper_id,
    paper.title,
    paper.url,
    paper.first_feed_date,
    trend.rank,
    trend.votes,
    trend.votes_usual,
    trend.papers_of_age,
    trend.age_days,
    trend.gained,
    trend.gained_in_hours,
    trend.captured_at,
    before.paper_id is null or publication.first_published_at > $since::timestamp as is_new
from mart.paper_trend as trend
inner join mart.paper as paper using (paper_id)
inner join mart.paper_publication as publication using (paper_id)
left join before on before.feed_id = trend.feed_id and before.paper_id = trend.paper_id
where
    trend.rank <= $limit
    and trend.votes > trend.votes_usual
    and list_contains($feeds::varchar[], trend.feed_id)
order by trend.feed_id, trend.rank
