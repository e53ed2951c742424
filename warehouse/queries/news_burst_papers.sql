-- The papers of a topic that a daily list showed first in some periods, from the first of one to the
-- end of another: those with most votes.
select
    paper.paper_id,
    paper.title,
    paper.url,
    paper.first_feed_date
from core.feed_paper as listed
inner join core.paper_topic as assigned using (paper_id)
inner join mart.paper as paper using (paper_id)
where
    listed.feed_id = $feed
    and assigned.topic_id = $topic
    and assigned.method = 'dictionary'
    and listed.first_feed_date >= $since::date
    and listed.first_feed_date
    < $period_start::date
    + case $grain
        when 'week' then interval 7 days
        when 'four-weeks' then interval 28 days
        else interval 1 month
    end
order by paper.votes desc nulls last, listed.first_feed_date desc, paper.paper_id
limit $limit
