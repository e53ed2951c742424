-- What sources say of a paper's standing. An OAI-PMH source says of a record that it is deleted, and
-- may show it again: then the paper is active.
create or replace view core.paper_status as
with deletions as (
    select
        alias.paper_id,
        capture.feed_id,
        capture.captured_at,
        capture.capture_id,
        coalesce(capture.captured_at, timestamp '1900-01-01') as said_at
    from raw.issue as issue
    inner join raw.capture as capture using (capture_id)
    inner join core.paper_alias as alias
        on alias.alias_id = 'arxiv:' || regexp_replace(issue.value, '^oai:arXiv\.org:', '')
    where issue.rule = 'deleted' and capture.state = 'loaded'
),

shown_again as (
    select distinct
        deletions.paper_id,
        deletions.feed_id,
        deletions.capture_id
    from deletions
    inner join core.paper_alias as alias using (paper_id)
    inner join raw.entry as entry on entry.own_id = alias.alias_id
    inner join raw.capture as capture
        on capture.capture_id = entry.capture_id
        and capture.feed_id = deletions.feed_id
        and coalesce(capture.captured_at, timestamp '1900-01-01') > deletions.said_at
)

select
    deletions.paper_id,
    'deleted' as status,
    min(deletions.captured_at) as status_since,
    arg_min(
        deletions.capture_id, struct_pack(at := said_at, capture_id := deletions.capture_id)
    ) as status_capture_id
from deletions
anti join shown_again using (paper_id, feed_id, capture_id)
group by deletions.paper_id;

comment on view core.paper_status is 'One paper that its source has taken back; a paper that is not here is active';
comment on column core.paper_status.paper_id is 'The paper';
comment on column core.paper_status.status is 'deleted: the source says that its record is deleted, and has not shown it since';
comment on column core.paper_status.status_since is 'The earliest look that says so, UTC; null if nobody says when it was taken';
comment on column core.paper_status.status_capture_id is 'The capture that says so first';
