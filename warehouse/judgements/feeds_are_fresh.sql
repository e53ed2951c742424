-- one daily list: the age of its newest look by the real clock
select
    feed_id,
    count(*) as captures,
    max(captured_at)::varchar as newest_captured_at,
    round(epoch($now::timestamp - max(captured_at)) / 3600, 1) as hours_old
from raw.capture
where kind = 'daily_list' and state = 'loaded'
group by feed_id
order by hours_old desc, feed_id
