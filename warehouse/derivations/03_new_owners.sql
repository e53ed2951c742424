-- the papers of the neighbourhood after it was resolved anew
insert into touched_paper
select distinct paper_id
from core.paper_alias
where
    alias_id in (select own_id from touched_identity)
    and paper_id not in (select paper_id from touched_paper)
