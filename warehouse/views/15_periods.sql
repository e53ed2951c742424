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
