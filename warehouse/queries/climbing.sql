-- The papers of daily lists by votes against the usual of their age; see mart.paper_trend.
-- saved: $feed = null, $limit = 15
select
    trend.feed_id,
    trend.rank,
    trend.paper_id,
    paper.title,
    trend.age_days,
    trend.votes,
    trend.votes_usual,
    trend.papers_of_age,
    trend.gained,
    trend.gained_in_hours,
    trend.captured_at,
    trend.score
from mart.paper_trend as trend
inner join core.paper as paper using (paper_id)
where trend.rank <= $limit and ($feed::varchar is null or trend.feed_id = $feed::varchar)
order by trend.feed_id, trend.rank
