-- the first and the last place of each part of the papers that the search is to index: their texts
-- have so many bytes, a paper counts 500 more
with sized as (
    select
        indexed.place,
        sum(
            500
            + strlen(indexed.title)
            + coalesce(strlen(content.abstract), 0)
            + coalesce(strlen(array_to_string(content.authors, ' ')), 0)
        )
            over (order by indexed.place)
        // $part_bytes as part
    from indexed_paper as indexed
    left join raw.content as content using (content_id)
)

select
    min(place) as first_place,
    max(place) as last_place
from sized
group by part
order by first_place
