-- what replaced captures said is to be derived anew
insert into touched_key
select title_key
from gone_identity
union
-- an id that was also seen under another title keeps what that title says
select title_key
from raw.entry
where source_id in (select source_id from gone_identity where source_id is not null);
