-- One row per name that is a paper's: with the archive before it, or an arXiv id alone.
select
    wanted.name,
    min(alias.paper_id) as paper_id
from (select unnest($names::varchar[]) as name) as wanted
inner join core.paper_alias as alias
    on alias.alias_id in (wanted.name, 'arxiv:' || wanted.name)
group by wanted.name;
