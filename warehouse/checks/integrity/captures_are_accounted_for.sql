-- every landed look is loaded or held, and nothing else is
select capture_id, 'landed, but not in the warehouse' as problem
from landed_look anti join raw.capture using (capture_id)
union all
select capture_id, 'in the warehouse, but never landed'
from raw.capture anti join landed_look using (capture_id)
