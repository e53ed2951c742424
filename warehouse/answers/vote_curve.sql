-- What votes are usual at an age: the quartiles of the papers of a daily list.
select
    feed_id,
    age_from,
    papers,
    votes_low,
    votes_usual,
    votes_high
from mart.vote_age_curve
where ($feed_id::varchar is null or feed_id = $feed_id)
order by all
