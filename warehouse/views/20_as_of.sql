-- Any past instant, UTC, under today's identities: what the looks up to then said. The exact past,
-- identity included, is `paperstrata rebuild --as-of T --output FILE`.
-- A date means the whole of that day.
create or replace macro core.end_of(instant) as
if(
    length(instant::varchar) = 10,
    instant::varchar::date + interval 1 day - interval 1 microsecond,
    instant::varchar::timestamp
);

create or replace macro mart.paper_as_of(instant) as table
with known as (
    select distinct
        entry.paper_id,
        entry.content_id,
        content.title,
        content.abstract
    from core.entry as entry
    inner join raw.content as content using (content_id)
    where entry.captured_at <= core.end_of(instant)
),

several as (
    select *
    from known
    qualify count(*) over (partition by paper_id) between 2 and core.most_texts()
),

-- as in core.paper, the cut of a text that is known by then is no wording of its own
cut as (
    select distinct
        short.paper_id,
        short.content_id
    from several as short
    inner join several as whole using (paper_id)
    where core.is_cut_text_of(short.title, short.abstract, whole.title, whole.abstract)
),

papers as (
    select
        entry.paper_id,
        arg_max(content.title, struct_pack(
            is_whole := cut.content_id is null,
            source_rank := feed.source_rank,
            captured_at := entry.captured_at,
            content_id := entry.content_id
        )) as title,
        min(entry.captured_at) as first_seen,
        max(entry.captured_at) as last_seen,
        min(entry.feed_date) filter (entry.is_of_list) as first_feed_date,
        arg_max(entry.votes, struct_pack(
            captured_at := entry.captured_at,
            source_rank := feed.source_rank,
            content_id := entry.content_id,
            capture_id := entry.capture_id,
            position := entry.position
        )) filter (entry.votes is not null) as votes
    from core.entry as entry
    inner join core.feed as feed using (feed_id)
    inner join raw.content as content using (content_id)
    left join cut
        on cut.paper_id = entry.paper_id
        and cut.content_id = entry.content_id
    where entry.captured_at <= core.end_of(instant)
    group by entry.paper_id
)

select
    papers.*,
    coalesce(standing.status, 'active') as status,
    standing.status_since,
    standing.withdrawn_at,
    standing.deleted_at
from papers
left join core.paper_status_by(core.end_of(instant)) as standing using (paper_id);

create or replace macro mart.paper_metric_as_of(instant) as table
select *
from core.paper_metric
where captured_at <= core.end_of(instant);

create or replace macro mart.topic_share_as_of(instant) as table
with listed as (
    select
        feed_id,
        paper_id,
        date_trunc('week', min(feed_date))::date as period_start
    from core.entry
    where
        is_of_list
        and feed_date is not null
        and captured_at <= core.end_of(instant)
    group by feed_id, paper_id
),

observed as (
    select
        feed_id,
        period_start,
        count(*) as observed
    from listed
    group by feed_id, period_start
)

select
    listed.feed_id,
    assigned.topic_id,
    listed.period_start,
    count(*) as papers,
    max(observed.observed) as observed,
    count(*) / max(observed.observed) as share
from listed
inner join observed using (feed_id, period_start)
inner join core.paper_topic as assigned using (paper_id)
group by listed.feed_id, assigned.topic_id, listed.period_start;
