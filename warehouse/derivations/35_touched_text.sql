-- the touched papers, in parts whose texts have so many bytes; a paper counts 500 more than its texts.
-- Those that another process has described are left out. Texts are looked up by their rows: few of these are near each other, and all others stay unread.
create or replace temp table touched_row as
select
    content_id,
    rowid as row_id
from raw.content
where
    content_id in (
        select paper.content_id
        from core.paper as paper
        semi join touched_paper using (paper_id)
        anti join described_text using (content_id)
    );

create or replace temp table touched_text as
with sized as (
    -- no text is carried through the join
    select
        touched_row.content_id,
        content.rowid as row_id,
        coalesce(strlen(content.abstract), 0) as abstract_bytes
    from touched_row
    inner join raw.content as content on content.rowid = touched_row.row_id
)

select
    paper.paper_id,
    paper.title,
    sized.row_id,
    sum(500 + strlen(paper.title) + sized.abstract_bytes)
        over (rows between unbounded preceding and current row)
    // getvariable('part_bytes') as part
from touched_paper
inner join core.paper as paper using (paper_id)
inner join sized on paper.content_id = sized.content_id;

drop table touched_row;
