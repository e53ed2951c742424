-- one feed: median and maximum of the votes in its recent captures
select
    feed_id,
    count(*) as entries,
    median(votes) as median_votes,
    max(votes) as highest_votes,
    arg_max(own_id, (votes, own_id)) as highest_id
from raw.entry
inner join judged_capture using (capture_id)
where is_recent and votes is not null
group by feed_id
order by feed_id
