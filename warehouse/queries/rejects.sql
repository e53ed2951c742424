-- a row per rejected entry: where it stood and why it was rejected
-- saved:
select
    reject.capture_id,
    reject.position,
    capture.feed_id,
    capture.feed_date,
    reject.rule,
    reject.field,
    reject.reason
from raw.reject as reject
inner join raw.capture as capture using (capture_id)
order by reject.capture_id, reject.position
