-- The next papers after one, in the order of their ids, with their current texts.
select
    paper.paper_id,
    paper.title,
    content.abstract
from core.paper as paper
inner join raw.content as content using (content_id)
where paper.paper_id > $after
order by paper.paper_id
limit $rows;
