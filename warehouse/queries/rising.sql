-- What rises in each daily list, since when, and how much more than usual; compared_until is the first
-- day of the newest period that was compared: of later ones nothing is said.
-- saved: $grain = null, $feed = null
select
    rising.*,
    list.last_period as compared_until
from mart.rising as rising
inner join (
    select
        feed_id,
        grain,
        arg_max(last_period, (topics > 0, stretch)) as last_period
    from mart.trend_list
    group by feed_id, grain
) as list using (feed_id, grain)
where
    ($grain::varchar is null or rising.grain = $grain::varchar)
    and ($feed::varchar is null or rising.feed_id = $feed::varchar)
order by
    rising.feed_id,
    rising.strength desc,
    rising.topic_id
