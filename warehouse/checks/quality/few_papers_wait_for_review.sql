-- all identities: those that share a key with several papers, or a title with a paper of quite
-- another abstract, and were joined with none
with edges as (
    select
        left_id,
        rule,
        evidence
    from core.match_edge
    where decision = 'review'
)

select
    count(*) as identities,
    (select count(*) from edges) as edges,
    (select min(rule || ' ' || evidence) from edges) as example,
    count(*) filter (alias_id in (select left_id from edges)) as waiting,
    round(waiting / count(*), 4) as review_share
from core.paper_alias
having count(*) > 0
