-- The first day of the period of a grain in which a day lies. Four weeks are counted from ``anchor``,
-- the first day of any of them.
create or replace macro core.period_of(grain, day, anchor) as
case
    when grain = 'four-weeks' then anchor + 28 * floor((day - anchor) / 28)::integer
    else date_trunc(grain, day)::date
end;

-- The logarithm of the ratio of two shares, half a paper added to each count, and its standard error
-- (Katz et al. 1978): a period against those before it; null without any before.
create or replace macro core.log_growth(papers, observed, papers_before, observed_before) as
case when observed_before > 0 then
    ln((papers + 0.5) / (observed + 0.5))
    - ln((papers_before + 0.5) / (observed_before + 0.5))
end;

create or replace macro core.log_growth_error(papers, observed, papers_before, observed_before) as
sqrt(
    1 / (papers + 0.5) - 1 / (observed + 0.5)
    + 1 / (papers_before + 0.5) - 1 / (observed_before + 0.5)
);
