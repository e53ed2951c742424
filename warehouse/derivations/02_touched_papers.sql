-- the papers of the neighbourhood before it is resolved anew, and room for what comes
create or replace temp table touched_identity as
select * from neighbour
union
select * from gone_identity;

create or replace temp table touched_paper as
select distinct paper_id
from core.paper_alias
where alias_id in (select own_id from touched_identity);

delete from core.paper_alias
where alias_id in (select own_id from touched_identity);

delete from core.match_edge
where left_id in (select own_id from touched_identity);

delete from core.identifier
where identity_key in (
    select source_id from touched_identity where source_id is not null
    union all
    select 'content-key:' || content_key from touched_identity where content_key is not null
    union all
    select 'title-key:' || title_key from touched_identity
);
