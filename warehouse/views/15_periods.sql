-- The first day of the period of a grain in which a day lies. Four weeks are counted from ``anchor``,
-- the first day of any of them.
create or replace macro core.period_of(grain, day, anchor) as
case
    when grain = 'four-weeks' then anchor + 28 * floor((day - anchor) / 28)::integer
    else date_trunc(grain, day)::date
end;
