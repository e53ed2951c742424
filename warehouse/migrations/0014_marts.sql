alter table core.paper add column feeds varchar[];
comment on column core.paper.feeds is 'Feeds that show it, in ascending order';
alter table core.paper add column categories varchar[];
comment on column core.paper.categories is 'Subject categories in the latest look that shows any, the primary one first';
alter table core.paper add column keywords varchar[];
comment on column core.paper.keywords is 'Keywords that the site gives, in the latest look that shows any';
alter table core.paper add column votes_1d bigint;
comment on column core.paper.votes_1d is 'Votes in the first look at an age of 1 or 2 days, counted from its first date on the list of that look; null where no such look shows votes';
alter table core.paper add column votes_7d bigint;
comment on column core.paper.votes_7d is 'Votes in the first look at an age of 7 to 9 days, counted from its first date on the list of that look; null where no such look shows votes';

create table core.paper_term (
    paper_id varchar not null,
    term_key varchar not null,
    term varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table core.paper_term is 'One term of one paper that the taxonomy does not know: a phrase of two or three words of its title, or a name with inner capitals or digits of its title or abstract';
comment on column core.paper_term.paper_id is 'The paper';
comment on column core.paper_term.term_key is 'What spellings of the term have in common: its letters and digits in lower case, the last word without the s of a plural';
comment on column core.paper_term.term is 'As the paper spells it, words parted by single spaces, in lower case but for names with inner capitals or digits';
comment on column core.paper_term.run_id is 'The run that wrote the row';
comment on column core.paper_term.loaded_at is 'When the row was written, UTC';
