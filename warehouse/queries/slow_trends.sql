-- What rises or falls slowly in each daily list, in its newest searched stretch of months.
-- saved: $feed = null, $topic = null
select
    trend.feed_id,
    trend.topic_id,
    topic.name,
    trend.periods,
    trend.papers,
    trend.observed,
    trend.share_first,
    trend.share_last,
    trend.slope_per_year,
    trend.slope_low,
    trend.slope_high,
    trend.q_value,
    list.first_period,
    list.last_period
from mart.topic_trend as trend
inner join core.topic as topic using (taxonomy_version, topic_id)
inner join mart.trend_list as list using (feed_id, grain, stretch)
where
    trend.is_shown
    and ($feed::varchar is null or trend.feed_id = $feed::varchar)
    and ($topic::varchar is null or trend.topic_id = $topic::varchar)
    and trend.stretch = (
        select max(searched.stretch)
        from mart.trend_list as searched
        where
            searched.feed_id = trend.feed_id
            and searched.grain = trend.grain
            and searched.topics > 0
    )
order by trend.feed_id, trend.slope_low desc, trend.topic_id
