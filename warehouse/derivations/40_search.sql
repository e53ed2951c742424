-- The index of mart.search for those touched papers whose texts are others than were indexed, and for
-- those that it lacks: all of them in a file of an earlier version. To find the words of a paper takes
-- a scan of the index, and its abstract one of all texts: a paper seen again as it was takes neither.
create or replace temp table searched_text as
with searched as (
    select
        paper_id,
        title,
        content_id
    from core.paper
    where
        paper_id in (
            select paper_id from touched_paper
            union
            select paper_id from core.paper anti join core.search_paper using (paper_id)
        )
),

topic_names as (
    select
        paper_id,
        string_agg(name, ' ' order by topic_id) as names
    from core.paper_topic
    semi join searched using (paper_id)
    inner join core.topic using (taxonomy_version, topic_id)
    group by paper_id
)

select
    paper_id,
    title,
    content_id,
    names as topics,
    -- a content_id is of its title, abstract and authors to the letter; the title may be corrected
    md5(to_json([content_id, title, names])::varchar) as text_digest
from searched
left join topic_names using (paper_id);

-- in the order of their texts, so that to read some of them is to read some of the texts
create or replace temp table indexed_paper as
select
    searched.*,
    content.rowid as text_row,
    row_number() over (order by text_row) as place
from searched_text as searched
left join raw.content as content using (content_id)
anti join core.search_paper using (paper_id, text_digest);

create or replace temp table unindexed_paper as
select paper_id
from core.search_paper
semi join touched_paper using (paper_id)
anti join searched_text using (paper_id, text_digest);

delete from core.search_word
where paper_id in (select paper_id from unindexed_paper);

delete from core.search_paper
where paper_id in (select paper_id from unindexed_paper);

drop table searched_text;
drop table unindexed_paper;
