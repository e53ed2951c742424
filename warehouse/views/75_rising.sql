-- What rises now: the bursts that last at the end of the newest stretch of a daily list that was
-- searched; of a topic that rises in several grains, the one in the shortest.
create or replace view mart.rising as
select
    burst.feed_id,
    burst.topic_id,
    topic.name,
    burst.grain,
    burst.start_period as since,
    burst.confirmed_period as known,
    burst.papers,
    burst.observed,
    round(burst.expected, 1) as expected,
    round(burst.ratio, 1) as times,
    burst.strength
from mart.topic_burst as burst
inner join core.newest_stretch() using (feed_id, grain, stretch)
inner join core.topic as topic using (taxonomy_version, topic_id)
where burst.is_shown and burst.status = 'active'
qualify
    row_number() over (
        partition by burst.feed_id, burst.topic_id
        order by list_position(['week', 'four-weeks', 'month'], burst.grain)
    ) = 1
order by burst.feed_id, burst.strength desc, burst.topic_id;

comment on view mart.rising is 'One topic that rises now in one daily list: a burst of mart.topic_burst that is shown and lasts at the end of the newest stretch that was searched; in the shortest grain that shows it';
comment on column mart.rising.feed_id is 'The feed';
comment on column mart.rising.topic_id is 'The topic';
comment on column mart.rising.name is 'Its name for people';
comment on column mart.rising.grain is 'week, four-weeks or month';
comment on column mart.rising.since is 'First day of the first period above the baseline';
comment on column mart.rising.known is 'First day of the first period at whose end the same method called it';
comment on column mart.rising.papers is 'Papers of the topic since then';
comment on column mart.rising.observed is 'All papers of the feed in these periods: the denominator';
comment on column mart.rising.expected is 'Papers that the baseline expects in these periods';
comment on column mart.rising.times is 'papers / expected';
comment on column mart.rising.strength is 'Logarithm of the likelihood ratio of burst and baseline, in nats';
