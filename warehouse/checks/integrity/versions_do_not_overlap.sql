-- the versions of a paper in a family follow each other without gap or overlap, one of them current
select paper_id, family, version
from (
    select
        *,
        lead(valid_from) over (partition by paper_id, family order by version) as next_from
    from core.paper_version
)
where
    valid_to is distinct from next_from
    or coalesce(valid_to <= valid_from, false)
    or is_current <> (valid_to is null)
