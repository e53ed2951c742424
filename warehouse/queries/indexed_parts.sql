-- the first and the last place of each part of the papers that the search is to index: their texts
-- have so many bytes, a paper counts 500 more
with sized as (
    -- no text is carried through the join
    select
        indexed.place,
        coalesce(strlen(content.abstract), 0)
        + coalesce(strlen(array_to_string(content.authors, ' ')), 0) as text_bytes
    from indexed_paper as indexed
    inner join raw.content as content on content.rowid = indexed.text_row
),

numbered as (
    select
        indexed.place,
        sum(500 + strlen(indexed.title) + coalesce(sized.text_bytes, 0)) over (order by indexed.place)
        // $part_bytes as part
    from indexed_paper as indexed
    left join sized using (place)
)

select
    min(place) as first_place,
    max(place) as last_place
from numbered
group by part
order by first_place
