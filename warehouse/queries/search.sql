-- The papers of mart.search, narrowed: null means any. A name of an author has all words of $author.
-- saved: $words, $any_word = false, $author = null, $topic = null, $since = null, $rows = 15
select
    found.*,
    count(*) over () as papers_found
from mart.search($words::varchar, any_word := $any_word) as found
where
    (
        $author::varchar is null
        or list_bool_or(
            list_transform(
                authors,
                lambda name: list_has_all(core.folded_words(name), core.folded_words($author))
            )
        )
    )
    and (
        $topic::varchar is null
        or paper_id in (select paper_id from core.paper_topic where topic_id = $topic)
    )
    and ($since::date is null or paper_date >= $since::date)
order by score desc, paper_id
limit $rows
