create or replace view core.deletion as
select
    'arxiv:' || regexp_replace(split_part(value, ' ', 1), '^oai:arXiv\.org:', '') as own_id,
    capture_id,
    position,
    try_cast(split_part(value, ' ', 2) as timestamp) as deleted_at,
    run_id
from raw.issue
where rule = 'deleted';

comment on view core.deletion is 'One record of which an OAI-PMH source says in one capture that it is deleted';
comment on column core.deletion.own_id is 'The id that its entry would have; core.paper_alias leads from it to the paper';
comment on column core.deletion.capture_id is 'The capture that says so';
comment on column core.deletion.position is 'Place in the capture, from 0';
comment on column core.deletion.deleted_at is 'When the record was deleted, UTC, as the source says: the datestamp of its header; null if it does not';
comment on column core.deletion.run_id is 'The run that wrote the row';

-- What sources say of a paper's standing: a record is deleted (OAI-PMH), or a paper is withdrawn.
-- A statement holds until the same feed shows the paper later, and a withdrawal until it does so in
-- the same format, which could say it, and in no earlier version: then the paper is active again.
-- A list without the time of its look stands at the beginning of its day: it was seen no earlier.
-- Known are the looks up to an instant, UTC; all of them, also those without a time, if it is null.
create or replace macro core.paper_status_by(instant) as table
with removals as (
    select
        own_id,
        capture_id,
        position,
        'deleted' as status,
        null::integer as source_version,
        null::timestamp as withdrawn_at,
        deleted_at
    from core.deletion
    union all
    select
        own_id,
        capture_id,
        position,
        'withdrawn',
        source_version,
        withdrawn_at,
        null::timestamp
    from raw.entry
    where is_withdrawn
),

looks as (
    select
        capture_id,
        feed_id,
        format,
        captured_at,
        struct_pack(
            seen_at := coalesce(
                captured_at,
                case when kind = 'daily_list' then feed_date::timestamp end,
                timestamp '1900-01-01'
            ),
            is_timed := captured_at is not null
        ) as place
    from raw.capture
    where
        state = 'loaded'
        and (instant is null or captured_at <= instant)
),

statements as (
    select
        alias.paper_id,
        removals.* exclude (own_id),
        looks.* exclude (capture_id)
    from removals
    inner join looks using (capture_id)
    inner join core.paper_alias as alias on alias.alias_id = removals.own_id
),

-- when each feed last showed what could be shown again, by format and version: to hold every
-- statement of a paper against every entry of it takes the square of them
shown as (
    select
        alias.paper_id,
        looks.feed_id,
        looks.format,
        entry.source_version,
        max(looks.place) as place,
        max(looks.place) filter (not coalesce(entry.is_withdrawn, false)) as place_standing
    from (select distinct paper_id from statements) as stated
    inner join core.paper_alias as alias using (paper_id)
    inner join raw.entry as entry on entry.own_id = alias.alias_id
    inner join looks using (capture_id)
    group by all
),

-- the entries of a withdrawal are among those that are shown
last_shown as (
    select
        * exclude (place, place_standing),
        max(place) over (partition by paper_id, feed_id) as any_place,
        case
            when source_version is null
                then max(place_standing) over (partition by paper_id, feed_id, format)
            -- of no earlier version, or of none
            else max(place_standing) over (
                partition by paper_id, feed_id, format
                order by source_version desc nulls first
            )
        end as standing_place
    from shown
),

shown_again as (
    select distinct
        statements.paper_id,
        statements.capture_id,
        statements.position
    from statements
    inner join last_shown
        on last_shown.paper_id = statements.paper_id
        and last_shown.feed_id = statements.feed_id
    where
        (statements.status = 'deleted' and any_place > statements.place)
        or (
            last_shown.format = statements.format
            and last_shown.source_version is not distinct from statements.source_version
            and standing_place > statements.place
        )
),

standing as (
    select *
    from statements
    anti join shown_again using (paper_id, capture_id, position)
    -- what is deleted is so, whatever else is said
    qualify status = min(status) over (partition by paper_id)
)

select
    paper_id,
    any_value(status) as status,
    min(captured_at) as status_since,
    arg_min(capture_id, struct_pack(
        is_untimed := captured_at is null,
        place := place,
        capture_id := capture_id
    )) as status_capture_id,
    min(withdrawn_at) as withdrawn_at,
    min(deleted_at) as deleted_at
from standing
group by paper_id;

create or replace view core.paper_status as
select * from core.paper_status_by(null::timestamp);

comment on view core.paper_status is 'One paper that its source has taken back; a paper that is not here is active';
comment on column core.paper_status.paper_id is 'The paper';
comment on column core.paper_status.status is 'deleted: the source says that its record is deleted; withdrawn: that the paper is; and has not shown it otherwise since';
comment on column core.paper_status.status_since is 'The earliest look that says so, UTC; null if nobody says when it was taken';
comment on column core.paper_status.status_capture_id is 'The capture that says so first';
comment on column core.paper_status.withdrawn_at is 'When it was withdrawn, UTC, as the source says; null if it does not, or for a deleted record';
comment on column core.paper_status.deleted_at is 'When its record was deleted, UTC, as the source says; null if it does not, or for a withdrawn paper';
