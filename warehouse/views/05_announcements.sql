-- Whether an entry makes its paper one of the day's list: a replacement is an observation, no more,
-- and a cross-list counts where its feed says so. What nobody announces in such words counts.
create or replace macro core.is_of_list(announce_type, counts_cross) as
coalesce(announce_type = 'new' or (announce_type = 'cross' and counts_cross), true);
