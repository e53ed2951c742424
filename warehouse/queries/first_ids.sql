-- The id under which this warehouse published each paper first: it stays where a paper gets another.
select
    alias.paper_id,
    arg_min(
        alias.alias_id,
        struct_pack(published_at := publication.published_at, alias_id := alias.alias_id)
    ) as first_id
from core.paper_alias as alias
inner join ops.first_publication as first_held using (alias_id)
inner join ops.publication as publication on publication.run_id = first_held.run_id
where list_contains($papers::varchar[], alias.paper_id)
group by alias.paper_id
