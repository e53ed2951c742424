-- What the search of the site looks through, of one quarter or of all: the newest papers first.
select
    paper_id,
    title,
    abstract,
    authors,
    topics,
    votes,
    coalesce(first_feed_date, published_date, first_seen::date) as known_date
from mart.paper
where
    (
        $quarter::varchar is null
        or coalesce(year(known_date) || 'q' || quarter(known_date), 'undated') = $quarter
    )
order by known_date desc nulls last, paper_id
