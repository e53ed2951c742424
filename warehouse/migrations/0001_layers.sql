create schema raw;
create schema core;
create schema mart;
create schema if not exists ops;


create table raw.capture (
    capture_id varchar not null,
    feed_id varchar not null,
    kind varchar not null,
    feed_date date,
    captured_at timestamp,
    captured_at_source varchar,
    captured_after date,
    page varchar,
    query varchar,
    look_id varchar,
    page_limit integer,
    has_next boolean,
    format varchar not null,
    parser_version varchar not null,
    rules_digest varchar not null,
    bytes bigint not null,
    entries_seen integer not null,
    entries_accepted integer not null,
    entries_rejected integer not null,
    entries_held integer not null,
    is_truncated boolean not null,
    state varchar not null,
    decision varchar,
    reason varchar,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table raw.capture is 'One look at one page of a feed';
comment on column raw.capture.capture_id is 'sha256 of feed, feed date, page or query, stated captured_at and the bytes';
comment on column raw.capture.feed_id is 'The feed that was looked at; see core.feed';
comment on column raw.capture.kind is 'daily_list, search, trending or harvest; only a daily_list counts towards the share of a day';
comment on column raw.capture.feed_date is 'The date of the list, in the calendar of the feed; null where the capture belongs to no date';
comment on column raw.capture.captured_at is 'When the look was taken, UTC, as path, flag or content state it; null if nobody says';
comment on column raw.capture.captured_at_source is 'Who says when the look was taken: layout, flag, content or fetch';
comment on column raw.capture.captured_after is 'The earliest day on which the look can have been taken, where no more is known';
comment on column raw.capture.page is 'Which page of a list of several pages';
comment on column raw.capture.query is 'What a search asked; null if unknown';
comment on column raw.capture.look_id is 'What the pages of one look have in common; null for a single page';
comment on column raw.capture.page_limit is 'How many entries the page could hold; null if unknown';
comment on column raw.capture.has_next is 'Whether the page says that another follows; null if unknown';
comment on column raw.capture.format is 'The format that its bytes were recognised as';
comment on column raw.capture.parser_version is 'The parser that read it; another one replays the capture';
comment on column raw.capture.rules_digest is 'The rules that judged it; others replay the capture';
comment on column raw.capture.bytes is 'Size of the body in bytes';
comment on column raw.capture.entries_seen is 'Entries in the body: accepted + rejected + held';
comment on column raw.capture.entries_accepted is 'Entries that are rows of raw.entry';
comment on column raw.capture.entries_rejected is 'Entries that are rows of raw.reject';
comment on column raw.capture.entries_held is 'Entries of a held capture';
comment on column raw.capture.is_truncated is 'The look does not show the whole list';
comment on column raw.capture.state is 'loaded or held';
comment on column raw.capture.decision is 'What a person decided about it: hold, release, retract or restate; null if nothing';
comment on column raw.capture.reason is 'Why it is held';
comment on column raw.capture.run_id is 'The run that wrote the row';
comment on column raw.capture.loaded_at is 'When the row was written, UTC';

create table raw.entry (
    capture_id varchar not null,
    position integer not null,
    own_id varchar not null,
    source_id varchar,
    source_version integer,
    title_key varchar not null,
    content_key varchar,
    content_id varchar not null,
    published_date date,
    published_at timestamp,
    submitted_at timestamp,
    listed_at timestamp,
    votes bigint,
    comments bigint,
    stars bigint,
    organisation varchar,
    submitter varchar,
    github_url varchar,
    project_url varchar,
    keywords varchar[],
    categories varchar[],
    discussion_id varchar,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table raw.entry is 'One paper as one capture shows it';
comment on column raw.entry.capture_id is 'The capture that shows it';
comment on column raw.entry.position is 'Place in the capture, from 0';
comment on column raw.entry.own_id is 'The id that this entry alone would have; core.paper_alias leads from it to the paper';
comment on column raw.entry.source_id is 'Scheme and id without version, such as arxiv:2506.01939; null if the source gives none';
comment on column raw.entry.source_version is 'The version that the source named with the id';
comment on column raw.entry.title_key is 'Letters and digits of the title in lower case';
comment on column raw.entry.content_key is 'Hash of the letters and digits of title and abstract; null without an abstract';
comment on column raw.entry.content_id is 'The text as shown; see raw.content';
comment on column raw.entry.published_date is 'The day on which the paper was published, UTC, as the source says';
comment on column raw.entry.published_at is 'paper.publishedAt: when the paper itself was published, UTC';
comment on column raw.entry.submitted_at is 'submittedOnDailyAt: when it was put on the list, UTC';
comment on column raw.entry.listed_at is 'The outer publishedAt, UTC; its meaning changed on 2025-03-10, it is never the date of the list';
comment on column raw.entry.votes is 'Votes at the time of the look; null if not shown';
comment on column raw.entry.comments is 'Comments at the time of the look; null if not shown';
comment on column raw.entry.stars is 'Stars of the code repository at the time of the look; null if not shown';
comment on column raw.entry.organisation is 'Organisation as shown';
comment on column raw.entry.submitter is 'Account that put the paper on the list';
comment on column raw.entry.github_url is 'Code repository';
comment on column raw.entry.project_url is 'Project page';
comment on column raw.entry.keywords is 'Keywords that the site gives, in its order';
comment on column raw.entry.categories is 'Subject categories that the source gives, the primary one first';
comment on column raw.entry.discussion_id is 'Id of the discussion on the site';
comment on column raw.entry.run_id is 'The run that wrote the row';
comment on column raw.entry.loaded_at is 'When the row was written, UTC';

create table raw.content (
    content_id varchar not null,
    content_key varchar,
    title varchar not null,
    abstract varchar using compression zstd,
    authors varchar[],
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table raw.content is 'One distinct conformed text';
comment on column raw.content.content_id is 'Hash of title, abstract and authors in order';
comment on column raw.content.content_key is 'Hash of the letters and digits of title and abstract; null without an abstract';
comment on column raw.content.title is 'Title, NFKC, single spaces';
comment on column raw.content.abstract is 'Abstract, NFKC, single spaces; null if not shown';
comment on column raw.content.authors is 'Names in the order of the source; null if not shown';
comment on column raw.content.run_id is 'The run that wrote the row';
comment on column raw.content.loaded_at is 'When the row was written, UTC';

create table raw.reject (
    capture_id varchar not null,
    position integer not null,
    rule varchar not null,
    field varchar not null,
    reason varchar not null,
    value varchar,
    payload varchar using compression zstd,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table raw.reject is 'One refused entry, kept as the source has it';
comment on column raw.reject.capture_id is 'The capture that shows it';
comment on column raw.reject.position is 'Place in the capture, from 0';
comment on column raw.reject.rule is 'The rule that it broke';
comment on column raw.reject.field is 'The field that broke it';
comment on column raw.reject.reason is 'What is wrong, for people';
comment on column raw.reject.value is 'The value, its first 200 characters';
comment on column raw.reject.payload is 'The whole entry, JSON';
comment on column raw.reject.run_id is 'The run that wrote the row';
comment on column raw.reject.loaded_at is 'When the row was written, UTC';

create table raw.issue (
    capture_id varchar not null,
    position integer not null,
    rule varchar not null,
    field varchar not null,
    reason varchar not null,
    value varchar,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table raw.issue is 'One optional value made null, or text made readable';
comment on column raw.issue.capture_id is 'The capture that shows it';
comment on column raw.issue.position is 'Place in the capture, from 0';
comment on column raw.issue.rule is 'The rule that it broke';
comment on column raw.issue.field is 'The field that broke it';
comment on column raw.issue.reason is 'What is wrong, for people';
comment on column raw.issue.value is 'The value, its first 200 characters';
comment on column raw.issue.run_id is 'The run that wrote the row';
comment on column raw.issue.loaded_at is 'When the row was written, UTC';

create table raw.field_drift (
    capture_id varchar not null,
    field varchar not null,
    drift varchar not null,
    entry_count integer not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table raw.field_drift is 'One source field of one capture that is new, or that was always there and is gone';
comment on column raw.field_drift.capture_id is 'The capture that shows it';
comment on column raw.field_drift.field is 'Path of the field in the source';
comment on column raw.field_drift.drift is 'new or vanished';
comment on column raw.field_drift.entry_count is 'How many entries of the capture have the new field, or lack the vanished one';
comment on column raw.field_drift.run_id is 'The run that wrote the row';
comment on column raw.field_drift.loaded_at is 'When the row was written, UTC';

create table core.feed (
    feed_id varchar not null,
    name varchar not null,
    kind varchar not null,
    family varchar not null,
    source_rank integer not null,
    page_limit integer,
    time_zone varchar,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.feed is 'One feed, as config/feeds.toml declares it';
comment on column core.feed.feed_id is 'Short name';
comment on column core.feed.name is 'Name for people';
comment on column core.feed.kind is 'daily_list, search, trending or harvest';
comment on column core.feed.family is 'Where its texts come from; versions are told apart per family';
comment on column core.feed.source_rank is 'Whose text is shown where families differ: the higher';
comment on column core.feed.page_limit is 'Entries in a list that was cut, for captures of unknown origin';
comment on column core.feed.time_zone is 'Zone of its dates; null for a feed without a calendar';
comment on column core.feed.run_id is 'The run that wrote the row';
comment on column core.feed.loaded_at is 'When the row was written, UTC';

create table core.paper_alias (
    alias_id varchar not null,
    paper_id varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.paper_alias is 'Every id that an entry alone would have, and the paper that it belongs to now';
comment on column core.paper_alias.alias_id is 'The id that an entry alone would have';
comment on column core.paper_alias.paper_id is 'Current paper; see core.paper';
comment on column core.paper_alias.run_id is 'The run that wrote the row';
comment on column core.paper_alias.loaded_at is 'When the row was written, UTC';

create table core.identifier (
    identity_key varchar not null,
    kind varchar not null,
    paper_id varchar,
    owner_count integer not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.identifier is 'One identity key and the paper that it leads to';
comment on column core.identifier.identity_key is 'A source id (arxiv:2506.01939), content-key:<hash> or title-key:<letters>';
comment on column core.identifier.kind is 'source_id, content_key or title_key';
comment on column core.identifier.paper_id is 'The paper that owns the key; null where several do';
comment on column core.identifier.owner_count is 'How many papers own the key';
comment on column core.identifier.run_id is 'The run that wrote the row';
comment on column core.identifier.loaded_at is 'When the row was written, UTC';

create table core.match_edge (
    left_id varchar not null,
    right_id varchar not null,
    rule varchar not null,
    score double not null,
    evidence varchar not null,
    decision varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.match_edge is 'The evidence that two identities are one paper';
comment on column core.match_edge.left_id is 'The id that an entry alone would have';
comment on column core.match_edge.right_id is 'The id that it was compared with';
comment on column core.match_edge.rule is 'The key that both share: content_key or title_key';
comment on column core.match_edge.score is '1 where one id owns the key, else 1 / owners';
comment on column core.match_edge.evidence is 'The shared key';
comment on column core.match_edge.decision is 'same, or review where several ids own the key and it joins none';
comment on column core.match_edge.run_id is 'The run that wrote the row';
comment on column core.match_edge.loaded_at is 'When the row was written, UTC';

create table core.paper (
    paper_id varchar not null,
    title varchar not null,
    content_id varchar not null,
    published_date date,
    first_seen timestamp,
    last_seen timestamp,
    first_feed_date date,
    primary_topic_id varchar,
    captures integer not null,
    votes bigint,
    comments bigint,
    stars bigint,
    organisation varchar,
    submitter varchar,
    github_url varchar,
    project_url varchar,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.paper is 'One paper, as it is now';
comment on column core.paper.paper_id is 'arxiv:<id>, doi:<doi>, or title:<20 hexadecimal digits of the hash of its key>';
comment on column core.paper.title is 'Current title: the highest source rank, then the latest look';
comment on column core.paper.content_id is 'Current text; see raw.content';
comment on column core.paper.published_date is 'Day of publication, UTC; null if no source says';
comment on column core.paper.first_seen is 'The earliest look that shows it, UTC; null where no look states its time';
comment on column core.paper.last_seen is 'The latest look that shows it, UTC; null where no look states its time';
comment on column core.paper.first_feed_date is 'The earliest date of a daily list that shows it; null if none does';
comment on column core.paper.primary_topic_id is 'The topic with the highest score; null if none was found';
comment on column core.paper.captures is 'How many captures show it';
comment on column core.paper.votes is 'Votes in the latest look that shows any';
comment on column core.paper.comments is 'Comments in the latest look that shows any';
comment on column core.paper.stars is 'Stars of the code repository in the latest look that shows any';
comment on column core.paper.organisation is 'Organisation in the latest look that shows one';
comment on column core.paper.submitter is 'Account that put it on the list, in the latest look that shows one';
comment on column core.paper.github_url is 'Code repository in the latest look that shows one';
comment on column core.paper.project_url is 'Project page in the latest look that shows one';
comment on column core.paper.run_id is 'The run that wrote the row';
comment on column core.paper.loaded_at is 'When the row was written, UTC';

create table core.paper_version (
    paper_id varchar not null,
    family varchar not null,
    version integer not null,
    valid_from timestamp not null,
    valid_to timestamp,
    is_current boolean not null,
    content_key varchar,
    content_id varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.paper_version is 'One wording of a paper in one family of sources, over time; half open intervals';
comment on column core.paper_version.paper_id is 'The paper';
comment on column core.paper_version.family is 'The family of sources; see core.feed';
comment on column core.paper_version.version is 'Number of the version in its family, from 1, by time';
comment on column core.paper_version.valid_from is 'The first look that showed it, UTC';
comment on column core.paper_version.valid_to is 'The first look that showed the next one, UTC; null while it is current';
comment on column core.paper_version.is_current is 'Whether no later version is known';
comment on column core.paper_version.content_key is 'Hash of the letters and digits of title and abstract; null without an abstract';
comment on column core.paper_version.content_id is 'The last text of the version; see raw.content';
comment on column core.paper_version.run_id is 'The run that wrote the row';
comment on column core.paper_version.loaded_at is 'When the row was written, UTC';

create table core.feed_day (
    feed_id varchar not null,
    feed_date date not null,
    state varchar not null,
    reason varchar not null,
    captures integer not null,
    last_captured_at timestamp,
    papers integer not null,
    is_complete boolean not null,
    is_expected boolean not null,
    cutoff_at timestamp not null,
    deadline_at timestamp not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.feed_day is 'The ledger: what is known of one date of one feed';
comment on column core.feed_day.feed_id is 'The feed';
comment on column core.feed_day.feed_date is 'The date of the list, in the calendar of the feed';
comment on column core.feed_day.state is 'loaded, truncated, open, legit_empty, held, outage, late or missing: the first that fits';
comment on column core.feed_day.reason is 'Why, for people';
comment on column core.feed_day.captures is 'Loaded captures of the date';
comment on column core.feed_day.last_captured_at is 'The latest of them, UTC';
comment on column core.feed_day.papers is 'Distinct papers over all of them';
comment on column core.feed_day.is_complete is 'loaded or legit_empty';
comment on column core.feed_day.is_expected is 'Whether the calendar expects a list';
comment on column core.feed_day.cutoff_at is 'From then on the list is final, UTC';
comment on column core.feed_day.deadline_at is 'From then on nothing means missing, UTC';
comment on column core.feed_day.run_id is 'The run that wrote the row';
comment on column core.feed_day.loaded_at is 'When the row was written, UTC';

create table core.topic (
    taxonomy_version varchar not null,
    topic_id varchar not null,
    name varchar not null,
    parent_id varchar,
    level varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.topic is 'One node of the taxonomy in config/topics.yaml';
comment on column core.topic.taxonomy_version is 'Version of the taxonomy';
comment on column core.topic.topic_id is 'Short name';
comment on column core.topic.name is 'Name for people';
comment on column core.topic.parent_id is 'The field or area above it; null for an area';
comment on column core.topic.level is 'area, field or topic';
comment on column core.topic.run_id is 'The run that wrote the row';
comment on column core.topic.loaded_at is 'When the row was written, UTC';

create table core.topic_alias (
    taxonomy_version varchar not null,
    topic_id varchar not null,
    alias varchar not null,
    kind varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.topic_alias is 'One term of the dictionary by which papers are assigned';
comment on column core.topic_alias.taxonomy_version is 'Version of the taxonomy';
comment on column core.topic_alias.topic_id is 'The topic that it stands for';
comment on column core.topic_alias.alias is 'The term';
comment on column core.topic_alias.kind is 'alias, acronym or weak';
comment on column core.topic_alias.run_id is 'The run that wrote the row';
comment on column core.topic_alias.loaded_at is 'When the row was written, UTC';

create table core.paper_topic (
    paper_id varchar not null,
    topic_id varchar not null,
    taxonomy_version varchar not null,
    score double not null,
    method varchar not null,
    is_primary boolean not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.paper_topic is 'One topic of one paper, from its current text';
comment on column core.paper_topic.paper_id is 'The paper';
comment on column core.paper_topic.topic_id is 'The topic';
comment on column core.paper_topic.taxonomy_version is 'Version of the taxonomy';
comment on column core.paper_topic.score is 'How strongly the text speaks of the topic, 0..1';
comment on column core.paper_topic.method is 'How it was assigned';
comment on column core.paper_topic.is_primary is 'The highest score of the paper';
comment on column core.paper_topic.run_id is 'The run that wrote the row';
comment on column core.paper_topic.loaded_at is 'When the row was written, UTC';

create table core.paper_topic_evidence (
    paper_id varchar not null,
    topic_id varchar not null,
    taxonomy_version varchar not null,
    field varchar not null,
    span_start integer not null,
    span_end integer not null,
    surface varchar not null,
    alias varchar not null,
    kind varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.paper_topic_evidence is 'One place in a paper''s current text that speaks of a topic';
comment on column core.paper_topic_evidence.paper_id is 'The paper';
comment on column core.paper_topic_evidence.topic_id is 'The topic';
comment on column core.paper_topic_evidence.taxonomy_version is 'Version of the taxonomy';
comment on column core.paper_topic_evidence.field is 'title or abstract';
comment on column core.paper_topic_evidence.span_start is 'First character of the match, from 0';
comment on column core.paper_topic_evidence.span_end is 'The character after the match';
comment on column core.paper_topic_evidence.surface is 'The match as it stands in the text';
comment on column core.paper_topic_evidence.alias is 'The term of the dictionary';
comment on column core.paper_topic_evidence.kind is 'alias, acronym or weak';
comment on column core.paper_topic_evidence.run_id is 'The run that wrote the row';
comment on column core.paper_topic_evidence.loaded_at is 'When the row was written, UTC';

create table mart.topic_period (
    feed_id varchar not null,
    taxonomy_version varchar not null,
    topic_id varchar not null,
    grain varchar not null,
    period_start date not null,
    papers integer not null,
    observed integer not null,
    share double,
    share_low double,
    share_high double,
    share_average_4 double,
    growth double,
    growth_low double,
    growth_high double,
    growth_z double,
    share_rank integer,
    growth_rank integer,
    coverage_share double,
    complete_share double
);
comment on table mart.topic_period is 'One topic in one day, week or month of one daily list; a paper counts once per feed, in the period of its first feed date';
comment on column mart.topic_period.feed_id is 'The feed';
comment on column mart.topic_period.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_period.topic_id is 'The topic';
comment on column mart.topic_period.grain is 'day, week or month';
comment on column mart.topic_period.period_start is 'First day of the period; weeks begin on Monday';
comment on column mart.topic_period.papers is 'Papers with the topic that were new in the period';
comment on column mart.topic_period.observed is 'All papers that were new in the period: the denominator';
comment on column mart.topic_period.share is 'papers / observed, 0..1; null where nothing was observed';
comment on column mart.topic_period.share_low is 'Lower end of the 95 % interval of the share (Wilson 1927)';
comment on column mart.topic_period.share_high is 'Upper end of the 95 % interval of the share (Wilson 1927)';
comment on column mart.topic_period.share_average_4 is 'Papers / observed over this period and the three before';
comment on column mart.topic_period.growth is 'Share of this period over the share of up to four before it, with half a paper added to each count; null without a period before that observed any';
comment on column mart.topic_period.growth_low is 'Lower end of the 95 % interval of the growth (Katz et al. 1978)';
comment on column mart.topic_period.growth_high is 'Upper end of the 95 % interval of the growth (Katz et al. 1978)';
comment on column mart.topic_period.growth_z is 'Logarithm of the growth over its standard error: 3.09 and more comes by chance once in a thousand';
comment on column mart.topic_period.share_rank is 'Rank by papers in the period, 1 is the most';
comment on column mart.topic_period.growth_rank is 'Rank by growth_z in the period, 1 is the surest growth; null without a growth';
comment on column mart.topic_period.coverage_share is 'Expected days with a usable look / expected days, 0..1; null where no day is expected';
comment on column mart.topic_period.complete_share is 'Days that are loaded or legit_empty / days in the ledger, 0..1';

create table mart.feed_coverage (
    feed_id varchar not null,
    grain varchar not null,
    period_start date not null,
    days integer not null,
    expected_days integer not null,
    usable_days integer not null,
    complete_days integer not null,
    missing_days integer not null,
    papers integer not null,
    coverage_share double,
    complete_share double
);
comment on table mart.feed_coverage is 'How complete one day, week or month of one feed is';
comment on column mart.feed_coverage.feed_id is 'The feed';
comment on column mart.feed_coverage.grain is 'day, week or month';
comment on column mart.feed_coverage.period_start is 'First day of the period; weeks begin on Monday';
comment on column mart.feed_coverage.days is 'Days of the period that are in the ledger';
comment on column mart.feed_coverage.expected_days is 'Days on which the calendar expects a list';
comment on column mart.feed_coverage.usable_days is 'Expected days that are loaded, open or truncated';
comment on column mart.feed_coverage.complete_days is 'Days that are loaded or legit_empty';
comment on column mart.feed_coverage.missing_days is 'Expected days that are missing, outage or held';
comment on column mart.feed_coverage.papers is 'Papers that were new in the period';
comment on column mart.feed_coverage.coverage_share is 'usable_days / expected_days, 0..1; null where no day is expected';
comment on column mart.feed_coverage.complete_share is 'complete_days / days, 0..1';

create table mart.about (
    schema_version integer not null,
    oldest_duckdb varchar not null,
    taxonomy_version varchar,
    taxonomy_digest varchar,
    config_digest varchar,
    is_as_of timestamp
);
comment on table mart.about is 'One row about this file';
comment on column mart.about.schema_version is 'Version of the public schema mart';
comment on column mart.about.oldest_duckdb is 'The oldest DuckDB that can read the file';
comment on column mart.about.taxonomy_version is 'Version of the taxonomy in use';
comment on column mart.about.taxonomy_digest is 'Digest of the taxonomy in use';
comment on column mart.about.config_digest is 'Digest of the feeds and calendars in use';
comment on column mart.about.is_as_of is 'The instant that the file shows; null for everything known';
insert into mart.about values (1, '1.5.0', null, null, null, null);

create table ops.run (
    run_id varchar not null,
    verb varchar,
    orchestrated boolean,
    started_at timestamp,
    finished_at timestamp,
    state varchar,
    reason varchar,
    parameters varchar,
    counts varchar,
    seconds varchar
);
comment on table ops.run is 'One run of the pipeline';
comment on column ops.run.run_id is 'Time of its start and a random part';
comment on column ops.run.verb is 'The command';
comment on column ops.run.orchestrated is 'Whether it ran as a Prefect flow';
comment on column ops.run.started_at is 'UTC';
comment on column ops.run.finished_at is 'UTC';
comment on column ops.run.state is 'published, unchanged, blocked or failed';
comment on column ops.run.reason is 'Why it did not publish';
comment on column ops.run.parameters is 'What it was asked to do, JSON';
comment on column ops.run.counts is 'Captures, entries and papers, JSON';
comment on column ops.run.seconds is 'Time of each stage in seconds, JSON';

create table ops.publication (
    publication_id varchar not null,
    run_id varchar,
    published_at timestamp,
    newest_captured_at timestamp,
    papers bigint,
    captures bigint
);
comment on table ops.publication is 'One publication of the warehouse';
comment on column ops.publication.publication_id is 'The same as the run that published';
comment on column ops.publication.run_id is 'The run that published';
comment on column ops.publication.published_at is 'UTC';
comment on column ops.publication.newest_captured_at is 'The latest look that it knows, UTC';
comment on column ops.publication.papers is 'Papers that it holds';
comment on column ops.publication.captures is 'Captures that it holds';

create table ops.check_result (
    run_id varchar not null,
    check_id varchar not null,
    layer varchar,
    severity varchar,
    state varchar,
    checked_at timestamp,
    observed varchar,
    expected varchar,
    failing_rows varchar
);
comment on table ops.check_result is 'One result of one check in one run';
comment on column ops.check_result.run_id is 'The run';
comment on column ops.check_result.check_id is 'Name of the check';
comment on column ops.check_result.layer is 'identity (SQL) or judgement (Great Expectations)';
comment on column ops.check_result.severity is 'critical stops publishing, warning does not';
comment on column ops.check_result.state is 'passed, failed, or broken where the check itself could not run';
comment on column ops.check_result.checked_at is 'UTC';
comment on column ops.check_result.observed is 'What was found';
comment on column ops.check_result.expected is 'What should be';
comment on column ops.check_result.failing_rows is 'The first failing rows, JSON';

create table ops.capture_origin (
    capture_id varchar not null,
    origin varchar,
    path varchar,
    seen_at timestamp
);
comment on table ops.capture_origin is 'One place where one capture was found';
comment on column ops.capture_origin.capture_id is 'The capture';
comment on column ops.capture_origin.origin is 'Who took the look, as the layout says';
comment on column ops.capture_origin.path is 'Path or address';
comment on column ops.capture_origin.seen_at is 'When we found it there, UTC';

create table ops.trend_said (
    run_id varchar not null,
    feed_id varchar not null,
    topic_id varchar not null,
    grain varchar not null,
    period_start date not null,
    papers integer,
    observed integer,
    growth double,
    growth_low double
);
comment on table ops.trend_said is 'One topic that one publication called rising';
comment on column ops.trend_said.run_id is 'The run that published';
comment on column ops.trend_said.feed_id is 'The feed';
comment on column ops.trend_said.topic_id is 'The topic';
comment on column ops.trend_said.grain is 'day, week or month';
comment on column ops.trend_said.period_start is 'First day of the period';
comment on column ops.trend_said.papers is 'Papers of the topic in the period';
comment on column ops.trend_said.observed is 'All papers in the period';
comment on column ops.trend_said.growth is 'As in mart.topic_period';
comment on column ops.trend_said.growth_low is 'As in mart.topic_period';
