-- one feed: the lowest votes that it ever showed
select
    capture.feed_id,
    count(*) as entries,
    arg_min(entry.own_id, (entry.votes, entry.own_id)) as example_id,
    min(entry.votes) as lowest_votes
from raw.entry as entry
inner join raw.capture as capture using (capture_id)
where entry.votes is not null
group by capture.feed_id
order by lowest_votes, capture.feed_id
