-- The newest stretch of each grain of each daily list that was searched, or else the newest.
create or replace macro core.newest_stretch() as table
select
    feed_id,
    grain,
    arg_max(stretch, (topics > 0, stretch)) as stretch
from mart.trend_list
group by feed_id, grain;
