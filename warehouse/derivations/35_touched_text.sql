-- the touched papers, in parts whose texts have so many bytes; a paper counts 500 more than its texts
create or replace temp table touched_text as
select
    paper.paper_id,
    paper.title,
    paper.content_id,
    sum(500 + strlen(paper.title) + coalesce(strlen(content.abstract), 0))
        over (rows between unbounded preceding and current row)
    // getvariable('part_bytes') as part
from touched_paper
inner join core.paper as paper using (paper_id)
inner join raw.content as content using (content_id);
