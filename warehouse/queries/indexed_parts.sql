-- the first and the last place of each part of the papers that the search is to index: their texts
-- have so many bytes, a paper counts 500 more
with sized as (
    -- no text is carried through the join
    select
        content_id,
        coalesce(strlen(abstract), 0)
        + coalesce(strlen(array_to_string(authors, ' ')), 0) as text_bytes
    from raw.content
),

numbered as (
    select
        indexed.place,
        sum(500 + strlen(indexed.title) + coalesce(sized.text_bytes, 0)) over (order by indexed.place)
        // $part_bytes as part
    from indexed_paper as indexed
    left join sized using (content_id)
)

select
    min(place) as first_place,
    max(place) as last_place
from numbered
group by part
order by first_place
