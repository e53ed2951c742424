-- The next papers after one, in the order of their ids, with their current texts: so many rows, or
-- fewer where their texts have more bytes than asked for.
with following as (
    select
        paper.paper_id,
        paper.title,
        content.abstract
    from core.paper as paper
    inner join raw.content as content using (content_id)
    where paper.paper_id > $after
    order by paper.paper_id
    limit $rows
)

select *
from following
qualify
    coalesce(
        sum(strlen(title) + coalesce(strlen(abstract), 0))
            over (order by paper_id rows between unbounded preceding and 1 preceding),
        0
    ) < $part_bytes
order by paper_id;
