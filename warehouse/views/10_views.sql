create or replace view core.entry as
select
    alias.paper_id,
    capture.feed_id,
    capture.kind,
    coalesce(capture.feed_date, entry.stated_date) as feed_date,
    capture.captured_at,
    entry.* exclude (run_id, loaded_at, stated_date),
    capture.kind = 'daily_list'
    and core.is_of_list(entry.announce_type, feed.counts_cross) as is_of_list
from raw.entry as entry
inner join raw.capture as capture using (capture_id)
inner join core.paper_alias as alias on alias.alias_id = entry.own_id
left join core.feed as feed using (feed_id);

comment on view core.entry is 'Entries with the paper that they belong to now';
comment on column core.entry.paper_id is 'The paper';
comment on column core.entry.feed_id is 'The feed';
comment on column core.entry.kind is 'Kind of the capture; see raw.capture';
comment on column core.entry.feed_date is 'The date of the list, of the capture or of the entry alone; null where neither belongs to one';
comment on column core.entry.captured_at is 'When the look was taken, UTC; null if nobody says';
comment on column core.entry.capture_id is 'The capture that shows it';
comment on column core.entry.position is 'Place in the capture, from 0';
comment on column core.entry.own_id is 'The id that this entry alone would have; core.paper_alias leads from it to the paper';
comment on column core.entry.source_id is 'Scheme and id without version, such as arxiv:2506.01939; null if the source gives none';
comment on column core.entry.source_version is 'The version that the source named with the id';
comment on column core.entry.title_key is 'Letters and digits of the title in lower case';
comment on column core.entry.content_key is 'Hash of the letters and digits of title and abstract; null without an abstract';
comment on column core.entry.content_id is 'The text as shown; see raw.content';
comment on column core.entry.published_date is 'The day on which the paper was published, UTC, as the source says';
comment on column core.entry.published_at is 'paper.publishedAt: when the paper itself was published, UTC';
comment on column core.entry.submitted_at is 'submittedOnDailyAt: when it was put on the list, UTC';
comment on column core.entry.listed_at is 'The outer publishedAt, UTC; its meaning changed on 2025-03-10, it is never the date of the list';
comment on column core.entry.votes is 'Votes at the time of the look; null if not shown';
comment on column core.entry.comments is 'Comments at the time of the look; null if not shown';
comment on column core.entry.stars is 'Stars of the code repository at the time of the look; null if not shown';
comment on column core.entry.organisation is 'Organisation as shown';
comment on column core.entry.submitter is 'Account that put the paper on the list';
comment on column core.entry.github_url is 'Code repository';
comment on column core.entry.project_url is 'Project page';
comment on column core.entry.keywords is 'Keywords that the site gives, in its order';
comment on column core.entry.categories is 'Subject categories that the source gives, the primary one first';
comment on column core.entry.discussion_id is 'Id of the discussion on the site';
comment on column core.entry.announce_type is 'How arXiv announces the paper: new, cross, replace or replace-cross; null if nobody says';
comment on column core.entry.author_comment is 'What the authors say beside the abstract, such as its pages or that it is withdrawn; null if not shown';
comment on column core.entry.journal_ref is 'Where it appeared, as the source says; null if not shown';
comment on column core.entry.licence is 'The licence of the text, mostly a link; null if not shown';
comment on column core.entry.withdrawn_at is 'When the paper was withdrawn, UTC, as the source says; null if it does not';
comment on column core.entry.is_withdrawn is 'Whether the entry says that the paper is withdrawn: by a mark, a date, its comment or its abstract';
comment on column core.entry.is_of_list is 'Whether it makes its paper one of a daily list: announced as new, as a cross-list where the feed counts those, or in no such words';

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
comment on column core.paper_metric.paper_id is 'The paper';
comment on column core.paper_metric.captured_at is 'When the look was taken, UTC; null if nobody says';
comment on column core.paper_metric.feed_id is 'The feed';
comment on column core.paper_metric.feed_date is 'The date of the list; null where the capture belongs to no date';
comment on column core.paper_metric.capture_id is 'The capture that shows it';
comment on column core.paper_metric.position is 'Place in the capture, from 0';
comment on column core.paper_metric.votes is 'Votes at the time of the look; null if not shown';
comment on column core.paper_metric.comments is 'Comments at the time of the look; null if not shown';
comment on column core.paper_metric.stars is 'Stars of the code repository at the time of the look; null if not shown';

create or replace view mart.paper as
with topics as (
    select
        assigned.paper_id,
        list(topic.name order by assigned.score desc, topic.topic_id) as topics,
        list(topic.topic_id order by assigned.score desc, topic.topic_id) as topic_ids
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
    paper.feeds,
    paper.votes,
    paper.votes_1d,
    paper.votes_7d,
    paper.comments,
    paper.stars,
    paper.primary_topic_id,
    topics.topics,
    topics.topic_ids,
    paper.categories,
    paper.keywords,
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
    paper.captures,
    coalesce(standing.status, 'active') as status,
    standing.status_since,
    standing.status_capture_id,
    standing.withdrawn_at,
    standing.deleted_at,
    paper.author_comment,
    paper.journal_ref,
    paper.licence
from core.paper as paper
inner join raw.content as content using (content_id)
left join topics using (paper_id)
left join core.paper_status as standing using (paper_id);

comment on view mart.paper is 'One paper with its text, latest votes and topics';
comment on column mart.paper.paper_id is 'arxiv:<id>, doi:<doi>, or title:<20 hexadecimal digits of the hash of its key>';
comment on column mart.paper.title is 'Current title: the highest source rank, then the latest look';
comment on column mart.paper.abstract is 'Abstract, NFKC, single spaces; null if not shown';
comment on column mart.paper.authors is 'Names in the order of the source; null if not shown';
comment on column mart.paper.published_date is 'Day of publication, UTC; null if no source says';
comment on column mart.paper.first_seen is 'The earliest look that shows it, UTC; null where no look states its time';
comment on column mart.paper.last_seen is 'The latest look that shows it, UTC; null where no look states its time';
comment on column mart.paper.first_feed_date is 'The earliest date of a daily list that shows it; null if none does';
comment on column mart.paper.votes is 'Votes in the latest look that shows any';
comment on column mart.paper.feeds is 'Feeds that show it, in ascending order';
comment on column mart.paper.votes_1d is 'Votes in the first look at an age of 1 or 2 days, counted from its first date on the list of that look; null where no such look shows votes';
comment on column mart.paper.votes_7d is 'Votes in the first look at an age of 7 to 9 days, counted from its first date on the list of that look; null where no such look shows votes';
comment on column mart.paper.comments is 'Comments in the latest look that shows any';
comment on column mart.paper.stars is 'Stars of the code repository in the latest look that shows any';
comment on column mart.paper.primary_topic_id is 'The topic with the highest score; null if none was found';
comment on column mart.paper.topics is 'Names of its topics, the highest score first';
comment on column mart.paper.topic_ids is 'Ids of the same topics, in the same order';
comment on column mart.paper.categories is 'Subject categories in the latest look that shows any, the primary one first; null if none does';
comment on column mart.paper.keywords is 'Keywords that the site gives, in the latest look that shows any; null if none does';
comment on column mart.paper.organisation is 'Organisation in the latest look that shows one';
comment on column mart.paper.submitter is 'Account that put it on the list, in the latest look that shows one';
comment on column mart.paper.github_url is 'Code repository in the latest look that shows one';
comment on column mart.paper.project_url is 'Project page in the latest look that shows one';
comment on column mart.paper.url is 'Its page at arXiv or its DOI; null for a paper without an id';
comment on column mart.paper.captures is 'How many captures show it';
comment on column mart.paper.status is 'active, or withdrawn by its authors, or deleted by its source; see core.paper_status';
comment on column mart.paper.status_since is 'The earliest look that says so, UTC; null for an active paper';
comment on column mart.paper.status_capture_id is 'The capture that says so first; null for an active paper';
comment on column mart.paper.withdrawn_at is 'When it was withdrawn, UTC, as the source says; null if it does not, or for an active paper';
comment on column mart.paper.deleted_at is 'When its record was deleted, UTC, as the source says; null if it does not, or for a paper that is not deleted';
comment on column mart.paper.author_comment is 'What the authors say beside the abstract, in the latest look that shows it';
comment on column mart.paper.journal_ref is 'Where it appeared, in the latest look that says so';
comment on column mart.paper.licence is 'The licence of its text, in the latest look that shows one';
