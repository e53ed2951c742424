-- one id that has several titles, and the two of them that are the least alike: the share of their
-- words that both have, or 1 where one holds the other. Titles with no word of three Latin letters
-- are not compared, and of an id with more than 20 titles the first 20. The 100 least alike, and all ids with nothing to compare as one row.
with renamed as (
    select source_id
    from raw.entry
    where source_id is not null
    group by source_id
    having count(distinct title_key) > 1
),

titles as (
    select
        entry.source_id,
        entry.title_key,
        min(content.title) as title,
        min(entry.capture_id) as capture_id,
        list_distinct(regexp_extract_all(lower(strip_accents(min(content.title))), '[a-z0-9]+'))
            as words
    from raw.entry as entry
    inner join renamed using (source_id)
    inner join raw.content as content using (content_id)
    group by entry.source_id, entry.title_key
    having regexp_matches(strip_accents(min(content.title)), '[A-Za-z]{3}')
    qualify row_number() over (partition by entry.source_id order by entry.title_key) <= 20
),

pairs as (
    select
        one.source_id,
        one.title,
        other.title as other_title,
        one.capture_id as example_capture_id,
        other.capture_id as other_capture_id,
        len(list_intersect(one.words, other.words)) as shared_words,
        len(list_distinct(list_concat(one.words, other.words))) as all_words,
        if(
            contains(one.title_key, other.title_key) or contains(other.title_key, one.title_key),
            1,
            round(shared_words / all_words, 4)
        ) as likeness
    from titles as one
    inner join titles as other
        on other.source_id = one.source_id
        and other.title_key > one.title_key
    qualify row_number() over (
        partition by one.source_id
        order by
            likeness,
            one.title_key,
            other.title_key
    ) = 1
),

alike as (
    select
        null::varchar as source_id,
        count(distinct source_id) as ids,
        1.0 as likeness
    from raw.entry
    where source_id is not null and source_id not in (select source_id from pairs)
    having count(*) > 0
),

unlike as (
    select
        source_id,
        1 as ids,
        title,
        other_title,
        example_capture_id,
        other_capture_id,
        likeness
    from pairs
    order by likeness, source_id
    limit 100
)

from unlike
union all by name
from alike
order by likeness, source_id
