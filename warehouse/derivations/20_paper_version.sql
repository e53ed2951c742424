-- core.paper_version, one row per wording of a touched paper in one family of sources.
-- Of several looks at one instant the last in the total order speaks; an entry without an abstract
-- makes a version only where the family never shows one. A text that is a cut of a longer one makes
-- none. Looks at an unknown time make none. The last version of a paper that is withdrawn or deleted
-- ends with the look that says so; a wording that was first shown later is valid for no time.
delete from core.paper_version
where paper_id in (select paper_id from touched_paper);

insert into core.paper_version by name
with dated as (
    select
        *,
        coalesce(content_key, title_key) as version_key,
        count(content_key) over (partition by paper_id, family) > 0 as has_abstracts
    from touched_observation
    where captured_at is not null
),

instants as (
    select
        paper_id,
        family,
        captured_at,
        arg_max(version_key, text_order) as version_key,
        arg_max(content_key, text_order) filter (content_key is not null) as content_key,
        arg_max(content_id, text_order) as content_id,
        max(text_order) as text_order
    from dated
    where not is_cut and (content_key is not null or not has_abstracts)
    group by paper_id, family, captured_at
),

marked as (
    select
        *,
        version_key is distinct from lag(version_key) over (
            partition by paper_id, family order by captured_at
        ) as is_new
    from instants
),

numbered as (
    select
        *,
        (count(*) filter (is_new) over (
            partition by paper_id, family order by captured_at
        ))::integer as version
    from marked
),

versions as (
    select
        paper_id,
        family,
        version,
        min(captured_at) as valid_from,
        arg_max(content_key, text_order) filter (content_key is not null) as content_key,
        arg_max(content_id, text_order) as content_id
    from numbered
    group by paper_id, family, version
),

taken_back as (
    select
        paper_id,
        status_since
    from core.paper_status
    where
        paper_id in (select paper_id from touched_paper)
        and status_since is not null
)

select
    versions.*,
    coalesce(
        lead(valid_from) over (partition by paper_id, family order by version),
        case when status_since is not null then greatest(status_since, valid_from) end
    ) as valid_to,
    valid_to is null as is_current,
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at
from versions
left join taken_back using (paper_id);
