-- The first day of the period of a grain in which a day lies. Four weeks are counted from ``anchor``,
-- the first day of any of them.
create or replace macro core.period_of(grain, day, anchor) as
case
    when grain = 'four-weeks' then anchor + 28 * floor((day - anchor) / 28)::integer
    else date_trunc(grain, day)::date
end;

-- The 95 % interval of a share, Wilson (1927), z = 1.96:
-- (p + z2/2n +- z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n)
create or replace macro core.share_interval(papers, observed) as struct_pack(
    low := round(
        greatest(
            (papers + 1.9208) / (observed + 3.8416)
            - 1.96 * sqrt(papers * (observed - papers) / observed + 0.9604) / (observed + 3.8416),
            0
        ),
        9
    ),
    high := round(
        least(
            (papers + 1.9208) / (observed + 3.8416)
            + 1.96 * sqrt(papers * (observed - papers) / observed + 0.9604) / (observed + 3.8416),
            1
        ),
        9
    )
);

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
