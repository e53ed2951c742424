-- Whether an entry makes its paper one of the day's list: a replacement is an observation, no more.
create or replace macro core.is_of_list(announce_type) as
coalesce(announce_type in ('new', 'cross'), true);
