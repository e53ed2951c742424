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

create or replace temp table indexed_word as
with topic_names as (
    select
        paper_id,
        string_agg(name, ' ' order by topic_id) as names
    from core.paper_topic
    semi join indexed_paper using (paper_id)
    inner join core.topic using (taxonomy_version, topic_id)
    group by paper_id
),

texts as (
    select
        paper.paper_id,
        paper.title,
        array_to_string(content.authors, ' ') as authors,
        topic_names.names as topics,
        content.abstract
    from core.paper as paper
    semi join indexed_paper using (paper_id)
    inner join raw.content as content using (content_id)
    left join topic_names using (paper_id)
),

words as (
    select
        paper_id,
        said.field,
        unnest(core.spellings(said.text)) as spelling
    from (
        select
            paper_id,
            unnest([
                struct_pack(field := 'title', text := title),
                struct_pack(field := 'author', text := authors),
                struct_pack(field := 'topic', text := topics),
                struct_pack(field := 'abstract', text := abstract)
            ]) as said
        from texts
    )
)

select
    core.folded_word(spelling) as word,
    paper_id,
    least(count(*) filter (field = 'title'), 32767)::smallint as title_count,
    least(count(*) filter (field = 'author'), 32767)::smallint as author_count,
    least(count(*) filter (field = 'topic'), 32767)::smallint as topic_count,
    least(count(*) filter (field = 'abstract'), 32767)::smallint as abstract_count
from words
where spelling != ''
group by word, paper_id;

insert into core.search_paper by name
select
    indexed_paper.paper_id,
    coalesce(sum(title_count), 0)::integer as title_words,
    coalesce(sum(author_count), 0)::integer as author_words,
    coalesce(sum(topic_count), 0)::integer as topic_words,
    coalesce(sum(abstract_count), 0)::integer as abstract_words
from indexed_paper
left join indexed_word using (paper_id)
group by indexed_paper.paper_id;

-- a word is looked for where its rows lie together
insert into core.search_word by name
from indexed_word
order by word, paper_id;

drop table indexed_word;
