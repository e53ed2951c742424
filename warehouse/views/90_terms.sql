-- Terms that the taxonomy does not know, by week and month, as mart.topic_period counts topics. A
-- term has a row in the periods that show it; the others are zeros.
create or replace view mart.term_period as
with listed as (
    select
        listed.feed_id,
        listed.first_feed_date,
        term.term_key,
        term.term
    from core.paper_term as term
    inner join core.feed_paper as listed using (paper_id)
),

spelt as (
    select
        feed_id,
        term_key,
        term,
        count(*) as papers,
        min(first_feed_date) as first_feed_date
    from listed
    group by feed_id, term_key, term
),

terms as (
    select
        feed_id,
        term_key,
        arg_max(term, struct_pack(papers := papers, term := term)) as term,
        count(*)::integer as spellings,
        sum(papers)::integer as papers_in_all,
        min(first_feed_date) as first_date
    from spelt
    group by feed_id, term_key
    having papers_in_all >= 3
),

periods as (
    select
        feed_id,
        grain,
        period_start,
        papers as observed,
        is_testable,
        stretch,
        if(is_testable, row_number() over (
            partition by feed_id, grain, is_testable, stretch
            order by period_start
        ), null) as place
    from mart.feed_coverage
    where grain in ('week', 'month') and papers > 0
),

counted_before as (
    select
        *,
        if(is_testable, sum(observed) over (
            partition by feed_id, grain, is_testable, stretch
            order by period_start
            rows between 4 preceding and 1 preceding
        ), null) as observed_before
    from periods
),

counts as (
    select
        feed_id,
        term_key,
        grain,
        date_trunc(grain, first_feed_date)::date as period_start,
        count(*) as papers
    from listed
    cross join (select unnest(['week', 'month']) as grain)
    semi join terms using (feed_id, term_key)
    group by all
),

windows as (
    select
        counts.feed_id,
        counts.term_key,
        counts.grain,
        counts.period_start,
        counts.papers,
        period.observed,
        period.observed_before,
        period.is_testable,
        period.stretch,
        if(period.is_testable, coalesce(sum(counts.papers) over (
            partition by
                counts.feed_id, counts.term_key, counts.grain, period.is_testable, period.stretch
            order by period.place
            range between 4 preceding and 1 preceding
        ), 0), null) as papers_before
    from counts
    inner join counted_before as period using (feed_id, grain, period_start)
),

ratios as (
    select
        *,
        core.log_growth(papers, observed, papers_before, observed_before) as log_growth,
        core.log_growth_error(papers, observed, papers_before, observed_before)
            as log_growth_error
    from windows
)

select
    ratios.feed_id,
    terms.term,
    ratios.term_key,
    ratios.grain,
    ratios.period_start,
    ratios.papers::integer as papers,
    ratios.observed,
    ratios.papers / ratios.observed as share,
    ratios.papers_before::integer as papers_before,
    ratios.observed_before::integer as observed_before,
    round(exp(ratios.log_growth), 9) as growth,
    round(exp(ratios.log_growth - 1.96 * ratios.log_growth_error), 9) as growth_low,
    round(exp(ratios.log_growth + 1.96 * ratios.log_growth_error), 9) as growth_high,
    terms.papers_in_all,
    terms.spellings,
    terms.first_date,
    ratios.is_testable,
    ratios.stretch
from ratios
inner join terms using (feed_id, term_key);

comment on view mart.term_period is 'One term that the taxonomy does not know, in one week or month of one daily list that shows it; terms of at least three papers of the list; spellings of one term are one; see core.paper_term';
comment on column mart.term_period.feed_id is 'The feed';
comment on column mart.term_period.term is 'Its spelling in the most papers of the list';
comment on column mart.term_period.term_key is 'What its spellings have in common; see core.paper_term';
comment on column mart.term_period.grain is 'week or month';
comment on column mart.term_period.period_start is 'First day of the period; weeks begin on Monday';
comment on column mart.term_period.papers is 'Papers with the term that were new in the period; a period without any has no row';
comment on column mart.term_period.observed is 'All papers that were new in the period: the denominator';
comment on column mart.term_period.share is 'papers / observed, 0..1';
comment on column mart.term_period.papers_before is 'Papers with the term in up to four testable periods before it in its stretch; null for a period that is not testable';
comment on column mart.term_period.observed_before is 'All papers of these periods; null for a period that is not testable, and for the first of a stretch';
comment on column mart.term_period.growth is 'Share of this period over the share of those before it, half a paper added to each count; null without a period before';
comment on column mart.term_period.growth_low is 'Lower end of its 95 % interval (Katz et al. 1978); terms are many: chance alone lifts one in forty above 1';
comment on column mart.term_period.growth_high is 'Upper end of its 95 % interval (Katz et al. 1978)';
comment on column mart.term_period.papers_in_all is 'Papers of the list with the term';
comment on column mart.term_period.spellings is 'How many spellings of it the papers use';
comment on column mart.term_period.first_date is 'The first date of the list with a paper that has it';
comment on column mart.term_period.is_testable is 'As in mart.feed_coverage: other periods are compared with none';
comment on column mart.term_period.stretch is 'As in mart.feed_coverage: nothing is compared across its ends';
