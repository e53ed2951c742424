-- The papers of watch-lists that no publication until an instant held, each under one feed that
-- showed it, of $candidates: a daily list where there is one. Of these feeds $feeds are told. Grain:
-- watch-list and paper. Texts are compared in lower case, without accents, with single spaces in place
-- of all but letters and digits; no phrase goes from the title to the abstract.
with wanted as (
    select
        unnest($entries::varchar[]) as entry_id,
        unnest($kinds::varchar[]) as kind,
        unnest($wanted::varchar[]) as value
),

folded as (
    select
        *,
        ' ' || trim(regexp_replace(lower(strip_accents(value)), '[^\p{L}\p{N}]+', ' ', 'g')) || ' '
            as words
    from wanted
),

papers as (
    select
        new.paper_id,
        new.first_published_at,
        paper.title,
        content.abstract,
        content.authors
    from mart.paper_publication as new
    inner join core.paper as paper using (paper_id)
    inner join raw.content as content using (content_id)
    where new.first_published_at > $since::timestamp
),

texts as (
    select
        paper_id,
        ' ' || trim(regexp_replace(lower(strip_accents(text)), '[^\p{L}\p{N}]+', ' ', 'g')) || ' '
            as words
    from (select paper_id, unnest([title, abstract]) as text from papers)
    where exists (from folded where kind = 'phrase')
),

names as (
    select
        paper_id,
        ' ' || trim(regexp_replace(lower(strip_accents(name)), '[^\p{L}\p{N}]+', ' ', 'g')) || ' '
            as words
    from (select paper_id, unnest(authors) as name from papers)
    where exists (from folded where kind = 'author')
),

matches as (
    select entry_id, kind, coalesce(topic.name, value) as value, paper_id
    from folded
    inner join core.paper_topic as found on found.topic_id = folded.value
    left join core.topic as topic using (taxonomy_version, topic_id)
    where kind = 'topic'
    union
    select entry_id, kind, value, paper_id
    from folded
    inner join texts on contains(texts.words, folded.words)
    where kind = 'phrase'
    union
    select entry_id, kind, value, paper_id
    from folded
    inner join names using (words)
    where kind = 'author'
),

on_lists as (
    select
        matches.entry_id,
        papers.paper_id,
        papers.first_published_at,
        list(matches.kind || ' ' || matches.value order by matches.kind desc, matches.value)
            as matched
    from matches
    inner join papers using (paper_id)
    group by matches.entry_id, papers.paper_id, papers.first_published_at
),

feeds as (
    select
        entry.paper_id,
        arg_min(
            entry.feed_id,
            struct_pack(is_other := entry.kind <> 'daily_list', feed_id := entry.feed_id)
        ) as feed_id
    from core.entry as entry
    semi join on_lists using (paper_id)
    where list_contains($candidates::varchar[], entry.feed_id)
    group by entry.paper_id
)

select
    on_lists.entry_id,
    feeds.feed_id,
    on_lists.paper_id,
    paper.title,
    paper.url,
    paper.first_feed_date,
    on_lists.first_published_at,
    on_lists.matched
from on_lists
inner join feeds using (paper_id)
inner join mart.paper as paper using (paper_id)
where list_contains($feeds::varchar[], feeds.feed_id)
order by
    on_lists.entry_id,
    on_lists.first_published_at desc,
    paper.first_feed_date desc nulls last,
    on_lists.paper_id
