{{ config(schema='core') }}

select
    paper_id,
    arg_max(title, captured_at) as title,
    arg_max(votes, captured_at) as votes,
    min(captured_at) as first_seen,
    max(captured_at) as last_seen,
    min(feed_date) as first_feed_date,
    count(distinct capture_id)::integer as captures
from {{ ref('entry') }}
inner join {{ ref('capture') }} using (capture_id)
group by paper_id
