-- The papers whose title or abstract has every word, those with most votes first.
select
    paper_id,
    title,
    authors,
    first_feed_date,
    votes,
    primary_topic_id
from mart.paper
where
    list_bool_and(
        list_transform(
            $words::varchar[],
            lambda word: contains(
                lower(strip_accents(title || ' ' || coalesce(abstract, ''))),
                lower(strip_accents(word))
            )
        )
    )
    and (
        $author::varchar is null
        or contains(lower(array_to_string(authors, '; ')), lower($author::varchar))
    )
    and ($topic::varchar is null or primary_topic_id = $topic::varchar)
    and ($since::date is null or first_feed_date >= $since::date)
order by votes desc nulls last, paper_id
limit $limit
