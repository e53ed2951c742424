-- One paper, as it is now.
select
    paper_id,
    title,
    abstract,
    authors,
    published_date,
    first_seen,
    last_seen,
    first_feed_date,
    votes,
    comments,
    stars,
    organisation,
    submitter,
    github_url,
    project_url,
    url,
    captures,
    status,
    status_since,
    withdrawn_at,
    author_comment,
    journal_ref,
    licence
from mart.paper
where ($paper_id::varchar is null or paper_id = $paper_id)
order by paper_id
