-- the versions of a paper in a family follow each other without gap or overlap, the last of them
-- current unless the paper is taken back: then it ends there, and after no time where it came later
select
    versions.paper_id,
    versions.family,
    versions.version
from (
    select
        *,
        lead(valid_from) over (partition by paper_id, family order by version) as next_from
    from core.paper_version
) as versions
left join core.paper_status as standing using (paper_id)
where
    valid_to is distinct from coalesce(
        next_from,
        case when status_since is not null then greatest(status_since, valid_from) end
    )
    or coalesce(next_from <= valid_from, false)
    or is_current <> (valid_to is null)
