-- one feed: the lengths of the abstracts in its recent captures, in characters
select
    feed_id,
    count(*) as entries,
    median(length(abstract)) as median_length,
    max(length(abstract)) as longest,
    min(length(abstract)) as shortest,
    arg_min(own_id, (length(abstract), own_id)) as shortest_id,
    round(
        count(*) filter (length(abstract) < $shortest_abstract) / count(*), 4
    ) as short_share
from raw.entry
inner join judged_capture using (capture_id)
inner join raw.content using (content_id)
where is_recent and abstract is not null
group by feed_id
order by short_share desc, feed_id
