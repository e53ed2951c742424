-- Alarms of a stretch of a feed: of its last period, of a topic, or of the periods since a date.
select
    alarm.topic_id,
    topic.name,
    alarm.period_start,
    alarm.papers,
    alarm.observed,
    alarm.expected,
    alarm.q_value,
    alarm.tested
from mart.topic_alarm as alarm
inner join core.topic as topic using (taxonomy_version, topic_id)
inner join mart.trend_list as list using (feed_id, grain, stretch)
where
    alarm.feed_id = $feed
    and alarm.grain = $grain
    and alarm.stretch = $stretch
    and ($topic::varchar is null or alarm.topic_id = $topic::varchar)
    and case
        when $since::date is not null then alarm.period_start >= $since::date
        else $topic::varchar is not null or alarm.period_start = list.last_period
    end
order by alarm.period_start desc, alarm.q_value, alarm.topic_id
