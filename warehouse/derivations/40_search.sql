-- The index of mart.search for the touched papers, and for those that it lacks: all of them in a
-- file of an earlier version.
create or replace temp table indexed_paper as
select paper_id
from core.paper
where
    paper_id in (select paper_id from touched_paper)
    or paper_id not in (select paper_id from core.search_paper);

delete from core.search_word
where paper_id in (select paper_id from touched_paper);

delete from core.search_paper
where paper_id in (select paper_id from touched_paper);

create or replace temp table spelling as
with topic_names as (
    select
        paper_id,
        string_agg(name, ' ' order by topic_id) as names
    from core.paper_topic
    inner join indexed_paper using (paper_id)
    inner join core.topic using (taxonomy_version, topic_id)
    group by paper_id
),

fields as (
    select
        paper.paper_id,
        core.spellings(paper.title) as title,
        core.spellings(array_to_string(content.authors, ' ')) as authors,
        core.spellings(topic_names.names) as topics,
        core.spellings(content.abstract) as abstract
    from core.paper as paper
    inner join indexed_paper using (paper_id)
    inner join raw.content as content using (content_id)
    left join topic_names using (paper_id)
),

words as (
    select paper_id, 1 as in_title, 0 as in_authors, 0 as in_topics, 0 as in_abstract, unnest(title) as spelling from fields
    union all
    select paper_id, 0, 1, 0, 0, unnest(authors) from fields
    union all
    select paper_id, 0, 0, 1, 0, unnest(topics) from fields
    union all
    select paper_id, 0, 0, 0, 1, unnest(abstract) from fields
)

select
    spelling,
    paper_id,
    sum(in_title)::integer as title_count,
    sum(in_authors)::integer as author_count,
    sum(in_topics)::integer as topic_count,
    sum(in_abstract)::integer as abstract_count
from words
where spelling != ''
group by spelling, paper_id;

insert into core.search_paper by name
select
    indexed_paper.paper_id,
    coalesce(sum(title_count), 0)::integer as title_words,
    coalesce(sum(author_count), 0)::integer as author_words,
    coalesce(sum(topic_count), 0)::integer as topic_words,
    coalesce(sum(abstract_count), 0)::integer as abstract_words
from indexed_paper
left join spelling using (paper_id)
group by indexed_paper.paper_id;

-- each spelling is folded once, not with every paper that has it; few words lie together on the disk
insert into core.search_word by name
with folded as (
    select
        spelling,
        core.folded_word(spelling) as word
    from (select distinct spelling from spelling)
)

select
    folded.word,
    spelling.paper_id,
    least(sum(spelling.title_count), 32767)::smallint as title_count,
    least(sum(spelling.author_count), 32767)::smallint as author_count,
    least(sum(spelling.topic_count), 32767)::smallint as topic_count,
    least(sum(spelling.abstract_count), 32767)::smallint as abstract_count
from spelling
inner join folded using (spelling)
group by folded.word, spelling.paper_id
order by folded.word, spelling.paper_id;

drop table spelling;
