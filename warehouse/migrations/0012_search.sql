create table core.search_paper (
    paper_id varchar not null,
    title_words integer not null,
    author_words integer not null,
    topic_words integer not null,
    abstract_words integer not null
);
comment on table core.search_paper is 'One paper in the index of mart.search: how many words it has';
comment on column core.search_paper.paper_id is 'The paper';
comment on column core.search_paper.title_words is 'Words of its current title';
comment on column core.search_paper.author_words is 'Words of the names of its authors';
comment on column core.search_paper.topic_words is 'Words of the names of its topics';
comment on column core.search_paper.abstract_words is 'Words of its abstract';

create table core.search_word (
    word varchar not null,
    paper_id varchar not null,
    title_count smallint not null,
    author_count smallint not null,
    topic_count smallint not null,
    abstract_count smallint not null
);
comment on table core.search_word is 'One word in one paper: the index of mart.search';
comment on column core.search_word.word is 'In lower case, without accents, its plural folded; see core.folded_word';
comment on column core.search_word.paper_id is 'The paper';
comment on column core.search_word.title_count is 'How often it stands in the title';
comment on column core.search_word.author_count is 'How often it stands in the names of authors';
comment on column core.search_word.topic_count is 'How often it stands in the names of topics';
comment on column core.search_word.abstract_count is 'How often it stands in the abstract';
