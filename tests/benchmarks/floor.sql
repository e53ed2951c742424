-- The whole warehouse out of one read of the capture files; see floor.py.
-- Variables: captures (glob of the files), terms (file of the dictionary).
set timezone = 'UTC';
set preserve_insertion_order = false;
create schema raw;
create schema core;
create schema mart;

create temp table seen as
with entries as (
    select
        filename as capture_id,
        generate_subscripts(json, 1) - 1 as position,
        unnest(json) as entry
    from read_json(
        getvariable('captures'),
        format = 'unstructured',
        records = false,
        filename = true,
        maximum_object_size = 67108864,
        columns = {
            json: 'struct(
                title varchar,
                publishedAt timestamp,
                numComments bigint,
                submittedBy struct(name varchar),
                paper struct(
                    id varchar,
                    authors struct(name varchar)[],
                    publishedAt timestamp,
                    submittedOnDailyAt timestamp,
                    summary varchar,
                    upvotes bigint,
                    discussionId varchar,
                    ai_keywords varchar[],
                    projectPage varchar,
                    githubRepo varchar,
                    githubStars bigint,
                    organization struct(name varchar)
                )
            )[]'
        }
    )
)

select
    capture_id,
    position::integer as position,
    'arxiv:' || regexp_replace(entry.paper.id, 'v\d+$', '') as source_id,
    entry.title as title,
    entry.paper.summary as abstract,
    [author.name for author in entry.paper.authors] as authors,
    md5(concat_ws(chr(31), title, abstract, array_to_string(authors, chr(30)))) as content_id,
    md5(lower(concat_ws(chr(31), title, abstract))) as content_key,
    lower(title) as title_key,
    entry.paper.publishedAt as published_at,
    entry.paper.submittedOnDailyAt as submitted_at,
    entry.publishedAt as listed_at,
    entry.paper.upvotes as votes,
    entry.numComments as comments,
    entry.paper.githubStars as stars,
    entry.paper.organization.name as organisation,
    entry.submittedBy.name as submitter,
    entry.paper.githubRepo as github_url,
    entry.paper.projectPage as project_url,
    entry.paper.ai_keywords as keywords,
    entry.paper.discussionId as discussion_id
from entries;

create table raw.capture as
select
    capture_id,
    'hf-daily' as feed_id,
    'daily_list' as kind,
    regexp_extract(capture_id, '(\d{4}-\d\d-\d\d)/[^/]+$', 1)::date as feed_date,
    strptime(regexp_extract(capture_id, '(\d{8}T\d{6})Z', 1), '%Y%m%dT%H%M%S') as captured_at,
    count(*)::integer as entries_seen,
    count(*) >= 50 as is_truncated,
    'loaded' as state
from seen
group by capture_id;

create table raw.entry as
select
    * exclude (title, abstract, authors),
    published_at::date as published_date
from seen;

create table raw.content as
select
    content_id,
    content_key,
    title,
    abstract,
    authors
from seen
where rowid in (select min(rowid) from seen group by content_id);

drop table seen;

create table core.paper_alias as
select distinct
    source_id as alias_id,
    source_id as paper_id
from raw.entry;

create table core.identifier as
with keys as (
    select
        source_id as identity_key,
        'source_id' as kind,
        source_id
    from raw.entry
    union
    select
        'content-key:' || content_key,
        'content_key',
        source_id
    from raw.entry
    union
    select
        'title-key:' || title_key,
        'title_key',
        source_id
    from raw.entry
)

select
    identity_key,
    any_value(kind) as kind,
    if(count(*) = 1, any_value(source_id), null) as paper_id,
    count(*)::integer as owner_count
from keys
group by identity_key;

create view core.entry as
select
    entry.source_id as paper_id,
    capture.feed_id,
    capture.feed_date,
    capture.captured_at,
    entry.*
from raw.entry as entry
inner join raw.capture as capture using (capture_id);

create temp table paper as
select
    paper_id,
    arg_max(content_id, captured_at) as content_id,
    arg_max(published_date, captured_at) as published_date,
    min(captured_at) as first_seen,
    max(captured_at) as last_seen,
    min(feed_date) as first_feed_date,
    count(distinct capture_id)::integer as captures,
    arg_max(votes, captured_at) as votes,
    arg_max(comments, captured_at) as comments,
    arg_max(stars, captured_at) as stars,
    arg_max(organisation, captured_at) as organisation,
    arg_max(submitter, captured_at) as submitter,
    arg_max(github_url, captured_at) as github_url,
    arg_max(project_url, captured_at) as project_url
from core.entry
group by paper_id;

create table core.paper_version as
with looks as (
    select
        paper_id,
        captured_at,
        content_id,
        content_key,
        content_key is distinct from lag(content_key) over (
            partition by paper_id order by captured_at
        ) as is_new
    from core.entry
),

numbered as (
    select
        *,
        sum(is_new::integer) over (partition by paper_id order by captured_at) as version
    from looks
),

versions as (
    select
        paper_id,
        version,
        min(captured_at) as valid_from,
        arg_max(content_key, captured_at) as content_key,
        arg_max(content_id, captured_at) as content_id
    from numbered
    group by paper_id, version
)

select
    *,
    lead(valid_from) over (partition by paper_id order by version) as valid_to,
    valid_to is null as is_current
from versions;

create table core.feed_day as
with days as (
    select
        capture.feed_id,
        capture.feed_date,
        count(distinct capture.capture_id)::integer as captures,
        max(capture.captured_at) as last_captured_at,
        bool_or(is_truncated) as is_cut,
        bool_or(not is_truncated and captured_at >= capture.feed_date + 1) as has_final_look,
        count(distinct entry.source_id)::integer as papers
    from raw.capture as capture
    inner join raw.entry as entry using (capture_id)
    group by capture.feed_id, capture.feed_date
),

calendar as (
    select unnest(generate_series(min(feed_date), max(captured_at)::date, interval 1 day))::date
        as feed_date
    from raw.capture
)

select
    'hf-daily' as feed_id,
    feed_date,
    case
        when has_final_look then 'loaded'
        when is_cut then 'truncated'
        when papers > 0 then 'open'
        when isodow(feed_date) > 5 then 'closed'
        else 'missing'
    end as state,
    coalesce(captures, 0) as captures,
    last_captured_at,
    coalesce(papers, 0) as papers,
    state in ('loaded', 'legit_empty') as is_complete,
    isodow(feed_date) <= 5 as is_expected
from calendar
left join days using (feed_date)
order by feed_date;

-- A term is matched as up to four words in a row; no case, no plurals, no longest match.
create table core.paper_topic as
with terms as (
    select
        topic_id,
        string_split(lower(replace(alias, '-', ' ')), ' ') as words,
        if(kind = 'weak', 1, 3) as points
    from read_json(getvariable('terms'))
),

texts as (
    select
        paper_id,
        string_split(
            regexp_replace(lower(title || ' ' || abstract), '[^a-z0-9]+', ' ', 'g'), ' '
        ) as words
    from paper
    inner join raw.content using (content_id)
),

places as (
    select
        paper_id,
        unnest(words) as word_1,
        unnest(words[2:]) as word_2,
        unnest(words[3:]) as word_3,
        unnest(words[4:]) as word_4
    from texts
),

found as (
    select
        paper_id,
        topic_id,
        points
    from places
    inner join terms
        on word_1 = words[1]
        and (len(words) < 2 or word_2 = words[2])
        and (len(words) < 3 or word_3 = words[3])
        and (len(words) < 4 or word_4 = words[4])
)

select
    paper_id,
    topic_id,
    least(sum(points), 20) / 20 as score,
    row_number() over (partition by paper_id order by score desc, topic_id) = 1 as is_primary
from found
group by paper_id, topic_id
having sum(points) >= 3;

create table core.paper as
select
    paper.*,
    content.title,
    topic.topic_id as primary_topic_id
from paper
inner join raw.content as content using (content_id)
left join core.paper_topic as topic on topic.paper_id = paper.paper_id and topic.is_primary;

create table mart.feed_coverage as
with days as (
    select
        *,
        unnest(['day', 'week', 'month']) as grain,
        date_trunc(grain, feed_date)::date as period_start
    from core.feed_day
),

new_papers as (
    select
        first_feed_date as feed_date,
        count(*) as new_papers
    from core.paper
    group by first_feed_date
)

select
    feed_id,
    grain,
    period_start,
    count(*)::integer as days,
    count(*) filter (is_expected)::integer as expected_days,
    count(*) filter (is_expected and state in ('loaded', 'open', 'truncated'))::integer
        as usable_days,
    count(*) filter (is_complete)::integer as complete_days,
    count(*) filter (is_expected and state = 'missing')::integer as missing_days,
    coalesce(sum(new_papers), 0)::integer as papers,
    usable_days / nullif(expected_days, 0) as coverage_share,
    complete_days / count(*) as complete_share
from days
left join new_papers using (feed_date)
group by feed_id, grain, period_start;

create table mart.topic_period as
with counts as (
    select
        topic_id,
        unnest(['day', 'week', 'month']) as grain,
        date_trunc(grain, first_feed_date)::date as period_start
    from core.paper
    inner join core.paper_topic using (paper_id)
),

papers as (
    select
        topic_id,
        grain,
        period_start,
        count(*) as papers
    from counts
    group by all
),

topics as (
    select distinct topic_id, grain
    from papers
),

dense as (
    select
        coverage.feed_id,
        topics.topic_id,
        grain,
        period_start,
        coalesce(papers.papers, 0) as papers,
        coverage.papers as observed,
        coverage.coverage_share,
        coverage.complete_share
    from topics
    inner join mart.feed_coverage as coverage using (grain)
    left join papers using (topic_id, grain, period_start)
    where coverage.papers > 0
),

windows as (
    select
        *,
        sum(papers) over last_four as papers_4,
        sum(observed) over last_four as observed_4,
        coalesce(sum(papers) over before, 0) as papers_before,
        coalesce(sum(observed) over before, 0) as observed_before
    from dense
    window
        last_four as (
            partition by topic_id, grain order by period_start
            rows between 3 preceding and current row
        ),
        before as (
            partition by topic_id, grain order by period_start
            rows between 4 preceding and 1 preceding
        )
),

ratios as (
    select
        *,
        (papers + 1.9208) / (observed + 3.8416) as centre,
        1.96 * sqrt(papers * (observed - papers) / observed + 0.9604) / (observed + 3.8416)
            as width,
        ((papers + 0.5) / (observed + 0.5))
        / nullif((papers_before + 0.5) / (observed_before + 0.5), 0) as ratio,
        1.96 * sqrt(
            1 / (papers + 0.5) - 1 / (observed + 0.5)
            + 1 / (papers_before + 0.5) - 1 / (observed_before + 0.5)
        ) as error
    from windows
)

select
    feed_id,
    topic_id,
    grain,
    period_start,
    papers,
    observed,
    papers / observed as share,
    centre - width as share_low,
    centre + width as share_high,
    papers_4 / observed_4 as share_average_4,
    if(observed_before > 0, ratio, null) as growth,
    growth * exp(-error) as growth_low,
    growth * exp(error) as growth_high,
    row_number() over (
        partition by grain, period_start order by papers desc, topic_id
    )::integer as share_rank,
    row_number() over (
        partition by grain, period_start order by growth_low desc nulls last, topic_id
    )::integer as growth_rank,
    coverage_share,
    complete_share
from ratios;
