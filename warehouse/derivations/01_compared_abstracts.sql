-- the abstracts of the neighbourhood that a title would join, also those of a DOI and an arXiv id: one
-- row per content key, of which all abstracts have the same letters and digits
with joining as (
    select title_key
    from neighbour
    where content_key is not null
    group by title_key
    having
        (bool_or(source_id is null) and bool_or(source_id is not null))
        or (bool_or(starts_with(source_id, 'doi:')) and bool_or(starts_with(source_id, 'arxiv:')))
),

compared as (
    select distinct content_key
    from neighbour
    where content_key is not null and title_key in (select title_key from joining)
)

select
    content_key,
    min(abstract) as abstract
from raw.content
where content_key in (select content_key from compared)
group by content_key
