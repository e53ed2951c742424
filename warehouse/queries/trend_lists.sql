-- What each daily list can say: the newest stretch that was searched, or else the newest.
-- saved: $grain = 'week', $feed = null
select *
from mart.trend_list
where ($feed::varchar is null or feed_id = $feed::varchar) and grain = $grain
qualify row_number() over (partition by feed_id order by topics > 0 desc, stretch desc) = 1
order by feed_id
