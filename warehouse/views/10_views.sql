create or replace view core.entry as
select
    alias.paper_id,
    capture.feed_id,
    capture.kind,
    capture.feed_date,
    capture.captured_at,
    entry.* exclude (run_id, loaded_at)
from raw.entry as entry
inner join raw.capture as capture using (capture_id)
inner join core.paper_alias as alias on alias.alias_id = entry.own_id;

comment on view core.entry is 'Entries with the paper that they belong to now';

create or replace view core.paper_metric as
select
    paper_id,
    captured_at,
    feed_id,
    feed_date,
    capture_id,
    position,
    votes,
    comments,
    stars
from core.entry
where coalesce(votes, comments, stars) is not null;

comment on view core.paper_metric is 'Observations of votes, comments and stars: one per entry that shows any';

create or replace view core.feed_paper as
select
    feed_id,
    paper_id,
    min(feed_date) as first_feed_date
from core.entry
where kind = 'daily_list' and feed_date is not null
group by feed_id, paper_id;

comment on view core.feed_paper is 'One paper in one daily list: the date on which it stood there first';

create or replace view mart.paper as
with topics as (
    select
        assigned.paper_id,
        list(topic.name order by assigned.score desc, topic.topic_id) as topics
    from core.paper_topic as assigned
    inner join core.topic as topic using (taxonomy_version, topic_id)
    group by assigned.paper_id
)

select
    paper.paper_id,
    paper.title,
    content.abstract,
    content.authors,
    paper.published_date,
    paper.first_seen,
    paper.last_seen,
    paper.first_feed_date,
    paper.votes,
    paper.comments,
    paper.stars,
    paper.primary_topic_id,
    topics.topics,
    paper.organisation,
    paper.submitter,
    paper.github_url,
    paper.project_url,
    case
        when paper.paper_id like 'arxiv:%'
            then 'https://arxiv.org/abs/' || substr(paper.paper_id, 7)
        when paper.paper_id like 'doi:%'
            then 'https://doi.org/' || substr(paper.paper_id, 5)
    end as url,
    paper.captures
from core.paper as paper
inner join raw.content as content using (content_id)
left join topics using (paper_id);

comment on view mart.paper is 'One paper with its text, latest votes and topics';
