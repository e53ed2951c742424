-- What is a word, for the index and for what is asked: runs of letters and digits, in lower case and
-- without accents; the only one of a text without any is empty.
create or replace macro core.spellings(words) as
string_split(
    trim(regexp_replace(lower(strip_accents(words)), '[^\p{L}\p{N}]+', ' ', 'g')),
    ' '
);

-- Plurals are folded, after the S-stemmer of Harman (How effective is suffixing?, 1991): its rule of
-- -es takes the same letter as that of -s; -ie is folded as -ies is.
create or replace macro core.folded_word(spelling) as
case
    -- most words are none: the patterns take longer
    when not ends_with(spelling, 's') and not ends_with(spelling, 'ie') then spelling
    when regexp_matches(spelling, '[^ae]ies?$') then regexp_replace(spelling, 'ies?$', 'y')
    when regexp_matches(spelling, '[^us]s$') then spelling[:-2]
    else spelling
end;

create or replace macro core.folded_words(words) as
list_transform(
    list_filter(core.spellings(words), lambda spelling: spelling != ''),
    lambda spelling: core.folded_word(spelling)
);

create or replace macro core.word_pattern(word) as
case
    when ends_with(word, 'y') then word[:-2] || '(?:ys?|ies?)'
    else word || 's?'
end;

-- A pattern for each "phrase" of several words: they stand in this order, with no letter between.
create or replace macro core.phrase_patterns(words) as
list_transform(
    list_filter(
        list_transform(
            regexp_extract_all(words, '"([^"]*)"', 1),
            lambda quoted: core.folded_words(quoted)
        ),
        lambda phrase: len(phrase) > 1
    ),
    lambda phrase: '(?:^|[^\p{L}\p{N}])'
        || array_to_string(
            list_transform(phrase, lambda word: core.word_pattern(word)), '[^\p{L}\p{N}]+'
        )
        || '(?:[^\p{L}\p{N}]|$)'
);

-- The papers with all of the words, or with any_word := true with one of them; a "phrase" must stand
-- as it is. relevance is BM25F (Robertson, Zaragoza and Taylor, Simple BM25 extension to multiple
-- weighted fields, 2004; k1 = 1.2, b = 0.75): a word counts three times in a title, twice in the
-- names of authors and topics, once in an abstract. score is
-- relevance * (1 + 0.5 * 2 ^ (-age / 365 days)), with the age counted from the newest list of the
-- warehouse; a paper without a date gains nothing.
create or replace macro mart.search(words, any_word := false) as table
with asked as materialized (
    select distinct unnest(core.folded_words(words)) as word
),

collection as materialized (
    select
        count(*) as papers,
        avg(3 * title_words + 2 * author_words + 2 * topic_words + abstract_words) as usual_length
    from core.search_paper
),

newest as materialized (
    select coalesce(max(first_feed_date), max(first_seen)::date, max(published_date)) as newest_date
    from core.paper
),

hits as materialized (
    select
        word,
        paper_id,
        3 * title_count + 2 * author_count + 2 * topic_count + abstract_count as frequency,
        count(*) over (partition by word) as papers_with_it
    from core.search_word
    where word in (from asked)
),

matching as (
    select
        hits.paper_id,
        count(*)::integer as words_found,
        sum(
            ln(1 + (collection.papers - papers_with_it + 0.5) / (papers_with_it + 0.5))
            * 2.2 * frequency
            / (
                frequency
                + 1.2 * (
                    0.25 + 0.75
                    * (3 * title_words + 2 * author_words + 2 * topic_words + abstract_words)
                    / usual_length
                )
            )
            order by word
        ) as relevance
    from hits
    inner join core.search_paper using (paper_id)
    cross join collection
    group by hits.paper_id
),

relevant as materialized (
    from matching
    where any_word or words_found = (select count(*) from asked)
),

topics as (
    select
        paper_id,
        string_agg(name, ' 0end0 ') as names
    from core.paper_topic
    semi join relevant using (paper_id)
    inner join core.topic using (taxonomy_version, topic_id)
    group by paper_id
),

found as materialized (
    select
        paper.paper_id,
        paper.title,
        content.authors,
        coalesce(paper.first_feed_date, paper.published_date, paper.first_seen::date) as paper_date,
        paper.votes,
        paper.primary_topic_id,
        relevant.words_found,
        relevant.relevance,
        -- only where a phrase is asked for; none goes from one field to the next
        case
            when len(core.phrase_patterns(words)) > 0
                then lower(strip_accents(concat_ws(
                    ' 0end0 ',
                    paper.title,
                    content.abstract,
                    array_to_string(content.authors, ' 0end0 '),
                    topics.names
                )))
        end as shown
    from relevant
    inner join core.paper as paper using (paper_id)
    inner join raw.content as content using (content_id)
    left join topics using (paper_id)
)

select
    paper_id,
    title,
    authors,
    paper_date,
    votes,
    primary_topic_id,
    words_found,
    relevance,
    relevance
    * (
        1 + 0.5 * coalesce(2 ** (-greatest(newest_date - paper_date, 0) / 365.0), 0)
    ) as score
from found
cross join newest
where
    -- one by one: a pattern that is constant is compiled once, not with every paper
    coalesce(regexp_matches(shown, core.phrase_patterns(words)[1]), true)
    and coalesce(regexp_matches(shown, core.phrase_patterns(words)[2]), true)
    and coalesce(
        list_bool_and(
            list_transform(
                core.phrase_patterns(words)[3:], lambda pattern: regexp_matches(shown, pattern)
            )
        ),
        true
    )
order by score desc, paper_id;

comment on macro table mart.search is 'Papers with all of the words, or with any_word := true with one, by relevance and recency; a "phrase" must stand as it is';
