-- one correction of config/corrections.toml, and whether its guard still holds
select
    correction_id,
    state,
    coalesce(observed, 'nothing') as observed,
    reason,
    (state = 'expired')::integer as expired
from core.correction
order by expired desc, correction_id
