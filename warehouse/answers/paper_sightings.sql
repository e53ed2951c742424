-- Where and when a paper was seen: a row per feed and date of its list.
select
    paper_id,
    feed_id,
    feed_date,
    min(captured_at) as first_look,
    max(captured_at) as last_look,
    count(distinct capture_id) as looks,
    min(position) + 1 as best_place
from core.entry
where ($paper_id::varchar is null or paper_id = $paper_id)
group by paper_id, feed_id, feed_date
order by all
