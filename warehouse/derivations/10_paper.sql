-- core.paper, one row per touched paper that still has an entry; core.feed_paper, one per daily list with it.
-- A row of touched_observation is one entry of a touched paper. text_order and time_order are its
-- places under the two total orders: whose text is shown, and which observation is the latest. A list
-- without the time of its look stands at the beginning of its day, for it was seen no earlier: after
-- every look of the days before, before every look at a known time of the day itself. What has neither
-- time nor day comes first; in one capture of several days the later list is the later observation.
-- Entries and texts are looked up by their rows, so that others far from these stay unread.
create or replace temp table touched_row as
select
    alias.paper_id,
    entry.rowid as row_id
from touched_paper
inner join core.paper_alias as alias using (paper_id)
inner join raw.entry as entry on entry.own_id = alias.alias_id;

create or replace temp table touched_content as
with shown as (
    select distinct
        touched_row.paper_id,
        entry.content_id
    from touched_row
    inner join raw.entry as entry on entry.rowid = touched_row.row_id
),

-- to read an abstract is dear: only of papers with several texts, and not with so many that they are
-- no wordings of one paper: each would be held against all others
several as (
    select *
    from shown
    qualify count(*) over (partition by paper_id) between 2 and core.most_texts()
),

located as (
    select
        several.*,
        content.rowid as row_id
    from several
    inner join raw.content as content using (content_id)
)

select
    located.paper_id,
    located.content_id,
    content.title,
    content.abstract
from located
inner join raw.content as content on content.rowid = located.row_id;

-- texts whose abstract or title is a cut of a longer one of the same paper, whichever source shows it: no
-- wordings of their own
create or replace temp table cut_content as
select distinct
    short.paper_id,
    short.content_id
from touched_content as short
inner join touched_content as whole using (paper_id)
where core.is_cut_text_of(short.title, short.abstract, whole.title, whole.abstract);

create or replace temp table touched_observation as
select
    touched_row.paper_id,
    entry.capture_id,
    entry.position,
    entry.content_id,
    entry.content_key,
    entry.title_key,
    entry.published_date,
    entry.votes,
    entry.comments,
    entry.stars,
    entry.organisation,
    entry.submitter,
    entry.github_url,
    entry.project_url,
    entry.author_comment,
    entry.journal_ref,
    entry.licence,
    entry.categories,
    entry.keywords,
    capture.feed_id,
    capture.captured_at,
    case
        when
            capture.kind = 'daily_list'
            and core.is_of_list(entry.announce_type, feed.counts_cross)
            then coalesce(capture.feed_date, entry.stated_date)
    end as feed_date,
    case
        when entry.stated_date is not null and capture.feed_date is null then entry.stated_date
        when capture.captured_at is null and capture.kind = 'daily_list' then capture.feed_date
    end as untimed_date,
    feed.family,
    cut_content.content_id is not null as is_cut,
    row_number() over (
        partition by touched_row.paper_id
        order by
            is_cut desc,
            feed.source_rank,
            coalesce(capture.captured_at, untimed_date::timestamp) nulls first,
            capture.captured_at is not null,
            untimed_date nulls first,
            entry.content_id,
            entry.capture_id,
            entry.position
    ) as text_order,
    row_number() over (
        partition by touched_row.paper_id
        order by
            coalesce(capture.captured_at, untimed_date::timestamp) nulls first,
            capture.captured_at is not null,
            untimed_date nulls first,
            feed.source_rank,
            entry.content_id,
            entry.capture_id,
            entry.position
    ) as time_order
from touched_row
inner join raw.entry as entry on entry.rowid = touched_row.row_id
inner join raw.capture as capture using (capture_id)
inner join core.feed as feed using (feed_id)
left join cut_content
    on cut_content.paper_id = touched_row.paper_id
    and cut_content.content_id = entry.content_id;

drop table touched_row;

-- votes by age: days from the first date on the list of the feed whose look shows them
create or replace temp table touched_votes as
with aged as (
    select
        paper_id,
        captured_at,
        votes,
        date_diff(
            'day',
            min(feed_date) over (partition by paper_id, feed_id),
            captured_at::date
        ) as age_days
    from touched_observation
)

select
    paper_id,
    arg_min(votes, struct_pack(
        age_days := age_days,
        captured_at := captured_at,
        fewer := -votes
    )) filter (age_days between 1 and 2) as votes_1d,
    arg_min(votes, struct_pack(
        age_days := age_days,
        captured_at := captured_at,
        fewer := -votes
    )) filter (age_days between 7 and 9) as votes_7d
from aged
where votes is not null
group by paper_id;

delete from core.paper
where paper_id in (select paper_id from touched_paper);

insert into core.paper by name
with papers as (
    select
        paper_id,
        arg_max(content_id, text_order) as content_id,
        arg_max(published_date, text_order) filter (published_date is not null) as published_date,
        min(captured_at) as first_seen,
        max(captured_at) as last_seen,
        list_sort(list(distinct feed_id)) as feeds,
        min(feed_date) as first_feed_date,
        count(distinct capture_id)::integer as captures,
        arg_max(votes, time_order) filter (votes is not null) as votes,
        arg_max(comments, time_order) filter (comments is not null) as comments,
        arg_max(stars, time_order) filter (stars is not null) as stars,
        arg_max(organisation, time_order) filter (organisation is not null) as organisation,
        arg_max(submitter, time_order) filter (submitter is not null) as submitter,
        arg_max(github_url, time_order) filter (github_url is not null) as github_url,
        arg_max(project_url, time_order) filter (project_url is not null) as project_url,
        arg_max(author_comment, time_order) filter (author_comment is not null) as author_comment,
        arg_max(journal_ref, time_order) filter (journal_ref is not null) as journal_ref,
        arg_max(licence, time_order) filter (licence is not null) as licence,
        arg_max(categories, time_order) filter (len(categories) > 0) as categories,
        arg_max(keywords, time_order) filter (len(keywords) > 0) as keywords
    from touched_observation
    group by paper_id
)
select
    papers.*,
    touched_votes.votes_1d,
    touched_votes.votes_7d,
    content.title,
    null::varchar as primary_topic_id,
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at
from papers
inner join raw.content as content using (content_id)
left join touched_votes using (paper_id);

insert into touched_day
select distinct
    feed_id,
    first_feed_date as feed_date
from core.feed_paper
where paper_id in (select paper_id from touched_paper);

delete from core.feed_paper
where paper_id in (select paper_id from touched_paper);

insert into core.feed_paper by name
select
    feed_id,
    paper_id,
    min(feed_date) as first_feed_date,
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at
from touched_observation
where feed_date is not null
group by feed_id, paper_id;

insert into touched_day
select
    feed_id,
    min(feed_date)
from touched_observation
where feed_date is not null
group by feed_id, paper_id;
