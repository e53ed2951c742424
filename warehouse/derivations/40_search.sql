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
        paper_id in (select paper_id from touched_paper)
        or paper_id not in (select paper_id from core.search_paper)
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

create or replace temp table indexed_paper as
select *
from searched_text
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

create or replace temp table indexed_word as
with texts as (
    select
        indexed_paper.paper_id,
        indexed_paper.title,
        array_to_string(content.authors, ' ') as authors,
        indexed_paper.topics,
        content.abstract
    from indexed_paper
    inner join raw.content as content using (content_id)
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
    min(text_digest) as text_digest,
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

drop table searched_text;
drop table indexed_paper;
drop table indexed_word;
