-- One paper, with the feeds that list it and when they showed it first.
select
    paper.*,
    (
        select list(
            struct_pack(feed_id := feed_id, first_feed_date := first_feed_date)
            order by first_feed_date, feed_id
        )
        from core.feed_paper as listed
        where listed.paper_id = paper.paper_id
    ) as listed_in
from mart.paper as paper
where paper.paper_id = $paper
