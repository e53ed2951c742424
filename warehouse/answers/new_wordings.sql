-- Papers that were retitled or reworded, withdrawn or deleted: the newest first.
select *
from (
    select
        version.valid_from as changed_at,
        if(before.title = content.title, 'reworded', 'retitled') as change,
        version.paper_id,
        paper.title,
        before.title as title_before
    from core.paper_version as version
    inner join raw.content as content using (content_id)
    inner join core.paper as paper using (paper_id)
    inner join core.paper_version as earlier
        on earlier.paper_id = version.paper_id
        and earlier.family = version.family
        and earlier.version = version.version - 1
    inner join raw.content as before on before.content_id = earlier.content_id
    union all
    select
        standing.status_since,
        standing.status,
        standing.paper_id,
        paper.title,
        null
    from core.paper_status as standing
    inner join core.paper as paper using (paper_id)
)
order by changed_at desc nulls last, paper_id
limit $rows
