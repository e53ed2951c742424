-- the rejects of the captures whose id begins so, with their payload; null means any position
select
    capture_id,
    position,
    rule,
    field,
    reason,
    value,
    payload
from raw.reject
where
    starts_with(capture_id, $capture)
    and ($position::integer is null or position = $position)
order by capture_id, position
