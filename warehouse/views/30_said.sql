create or replace view mart.paper_publication as
select
    alias.paper_id,
    min(publication.published_at) as first_published_at,
    arg_min(publication.publication_id, publication.published_at) as publication_id
from core.paper_alias as alias
inner join ops.first_publication as first_held using (alias_id)
inner join ops.publication as publication on publication.run_id = first_held.run_id
group by alias.paper_id;

comment on view mart.paper_publication is 'One paper and the first publication of this warehouse that held it, under whatever id';
comment on column mart.paper_publication.paper_id is 'The paper';
comment on column mart.paper_publication.first_published_at is 'When people could first see it here, UTC';
comment on column mart.paper_publication.publication_id is 'The publication; see ops.publication';

create or replace macro mart.new_since(t) as table
select
    paper.*,
    publication.first_published_at
from mart.paper as paper
inner join mart.paper_publication as publication using (paper_id)
where publication.first_published_at > t::timestamp
order by publication.first_published_at, paper.paper_id;

comment on macro table mart.new_since is 'Papers that no publication until the instant t (UTC) held, under whatever id';

create or replace macro mart.said_on(t) as table
select
    publication.published_at,
    said.*
from ops.publication as publication
inner join ops.trend_said as said using (run_id)
where publication.published_at = (
    select max(published_at) from ops.publication where published_at <= t::timestamp
)
order by said.feed_id, said.growth_low desc nulls last, said.topic_id, said.grain;

comment on macro table mart.said_on is 'The topics that the last publication until the instant t (UTC) called rising';
