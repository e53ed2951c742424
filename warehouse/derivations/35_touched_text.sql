-- the touched papers, in parts whose texts have so many bytes; a paper counts 500 more than its texts
create or replace temp table touched_text as
with sized as (
    -- no text is carried through the join
    select
        content_id,
        coalesce(strlen(abstract), 0) as abstract_bytes
    from raw.content
)

select
    paper.paper_id,
    paper.title,
    paper.content_id,
    sum(500 + strlen(paper.title) + sized.abstract_bytes)
        over (rows between unbounded preceding and current row)
    // getvariable('part_bytes') as part
from touched_paper
inner join core.paper as paper using (paper_id)
inner join sized on paper.content_id = sized.content_id;
