-- Authors and organisations by the names that sources give: two spellings are two rows, and two
-- people of one name are one. kind is author or organisation.
create or replace macro core.papers_by_name(kind) as table
with named as (
    select distinct
        paper.paper_id,
        paper.votes,
        paper.organisation,
        paper.primary_topic_id,
        coalesce(paper.first_feed_date, paper.published_date, paper.first_seen::date) as first_date,
        unnest(if(kind = 'author', content.authors, [paper.organisation])) as name
    from core.paper as paper
    inner join raw.content as content using (content_id)
),

topics as (
    select
        name,
        list(primary_topic_id order by papers desc, primary_topic_id)[1:3] as topic_ids
    from (
        select
            name,
            primary_topic_id,
            count(*) as papers
        from named
        where primary_topic_id is not null
        group by name, primary_topic_id
    )
    group by name
)

select
    named.name,
    count(*)::integer as papers,
    count(named.votes)::integer as papers_with_votes,
    sum(named.votes)::bigint as votes,
    median(named.votes) as votes_median,
    min(named.first_date) as first_date,
    max(named.first_date) as last_date,
    any_value(topics.topic_ids) as topic_ids,
    list_sort(list(distinct named.organisation) filter (named.organisation is not null))
        as organisations
from named
left join topics using (name)
where named.name is not null
group by named.name;

create or replace view mart.author as
select
    name as author,
    * exclude (name)
from core.papers_by_name('author')
order by papers desc, author;

comment on view mart.author is 'One name of an author, as sources write it: no guess joins two spellings, and people of one name are one row';
comment on column mart.author.author is 'The name';
comment on column mart.author.papers is 'Papers whose current text names it';
comment on column mart.author.papers_with_votes is 'Those of them of which votes are known: the denominator of the votes';
comment on column mart.author.votes is 'Votes of these papers in their latest looks, summed; null where none is known';
comment on column mart.author.votes_median is 'Their median';
comment on column mart.author.first_date is 'Earliest date of a paper: its first date on a daily list, else its day of publication, else of its first look';
comment on column mart.author.last_date is 'Latest date of a paper, by the same rule';
comment on column mart.author.topic_ids is 'Up to three primary topics, that of the most papers first; null where no paper has one';
comment on column mart.author.organisations is 'Organisations that the list shows with these papers: of the paper, not always of the author; null if none';

create or replace view mart.organisation as
select
    name as organisation,
    * exclude (name, organisations)
from core.papers_by_name('organisation')
order by papers desc, organisation;

comment on view mart.organisation is 'One name of an organisation, as sources write it: no guess joins two spellings';
comment on column mart.organisation.organisation is 'The name';
comment on column mart.organisation.papers is 'Papers that show it in the latest look that shows one; papers that show none are in no row';
comment on column mart.organisation.papers_with_votes is 'Those of them of which votes are known: the denominator of the votes';
comment on column mart.organisation.votes is 'Votes of these papers in their latest looks, summed; null where none is known';
comment on column mart.organisation.votes_median is 'Their median';
comment on column mart.organisation.first_date is 'Earliest date of a paper: its first date on a daily list, else its day of publication, else of its first look';
comment on column mart.organisation.last_date is 'Latest date of a paper, by the same rule';
comment on column mart.organisation.topic_ids is 'Up to three primary topics, that of the most papers first; null where no paper has one';
