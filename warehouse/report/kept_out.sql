-- one reason for which captures are held, entries rejected, or values made null
select
    'captures held' as kind,
    feed_id,
    coalesce(reason, '') as reason,
    count(*) as count,
    min(feed_date || ' ' || capture_id) as example
from raw.capture
where state = 'held'
group by feed_id, coalesce(reason, '')
union all
select
    'entries rejected',
    feed_id,
    min(reject.reason),
    count(*),
    min(reject.field || ' = ' || coalesce(reject.value, 'null'))
from raw.reject as reject
inner join raw.capture as capture using (capture_id)
group by feed_id, reject.rule, reject.field
union all
select
    'values made null',
    feed_id,
    min(issue.reason),
    count(*),
    min(issue.field || ' = ' || coalesce(issue.value, 'null'))
from raw.issue as issue
inner join raw.capture as capture using (capture_id)
group by feed_id, issue.rule, issue.field
order by kind, count desc, feed_id, reason
