-- Papers of one daily list over 260 weeks of five days, each with two of 150 topics; ten topics rise.
insert into core.feed by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at, 'hf-daily' as feed_id, 'papers' as name, 'daily_list' as kind, 10 as source_rank, 'hf' as family, true as counts_cross;

insert into core.topic by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at, '1' as taxonomy_version, 'topic-' || range as topic_id, 'Topic ' || range as name, 'topic' as level
from range(150);

create temp table day as
select
    range as number,
    (date '2020-01-06' + (range * 7 // 5)::integer) as feed_date
from range(1300);

insert into raw.capture by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at,
    'c' || number as capture_id,
    'hf-daily' as feed_id,
    'daily_list' as kind,
    feed_date,
    feed_date + interval 30 hour as captured_at,
    'loaded' as state,
    'none' as format,
    'none/1' as parser_version,
    '' as rules_digest,
    0 as bytes,
    0 as entries_seen,
    0 as entries_accepted,
    0 as entries_rejected,
    0 as entries_held,
    false as is_truncated
from day;

create temp table made as
select
    range as number,
    'arxiv:' || range as paper_id,
    range % 1300 as day_number
from range(getvariable('papers'));

insert into raw.entry by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at,
    'c' || day_number as capture_id,
    (number // 1300)::integer as position,
    paper_id as own_id,
    paper_id as title_key,
    'text' as content_id,
    paper_id as source_id,
    ['cs.' || number % 40] as categories
from made;

insert into core.paper_alias by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at, paper_id as alias_id, paper_id from made;

insert into core.paper by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at,
    paper_id,
    'Title' as title,
    'text' as content_id,
    feed_date - 2 as published_date,
    feed_date as first_feed_date,
    1 as captures
from made
inner join day on day.number = day_number;

insert into raw.content by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at,
    'text' as content_id,
    'text' as content_key,
    'Title' as title,
    'Abstract' as abstract;

insert into core.paper_topic by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at,
    paper_id,
    '1' as taxonomy_version,
    'topic-' || (hash(number, k, 7) % if(day_number > 900 + k * 50, 60, 150)) as topic_id,
    0.9 as score,
    false as is_primary,
    'dictionary' as method
from made
cross join (select unnest([1, 2]) as k);

insert into core.feed_day by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at,
    'hf-daily' as feed_id,
    range::date as feed_date,
    'loaded' as state,
    'a whole list was seen after the cut-off' as reason,
    1 as captures,
    range + interval 30 hour as last_captured_at,
    0 as papers,
    true as is_complete,
    dayofweek(range) between 1 and 5 as is_expected,
    range + interval 24 hour as cutoff_at,
    range + interval 28 hour as deadline_at
from range(timestamp '2020-01-06', timestamp '2024-12-30', interval 1 day);

insert into core.feed_paper by name
select
    getvariable('run_id') as run_id,
    getvariable('loaded_at') as loaded_at,
    'hf-daily' as feed_id,
    made.paper_id,
    day.feed_date as first_feed_date
from made
inner join day on day.number = made.day_number;
