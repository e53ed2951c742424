-- the texts of papers that the search is to index, from one place to another
select
    indexed.paper_id,
    indexed.title,
    array_to_string(content.authors, ' ') as author,
    indexed.topics as topic,
    content.abstract
from indexed_paper as indexed
left join raw.content as content on content.rowid = indexed.text_row
where indexed.place between $first and $last
order by indexed.paper_id
