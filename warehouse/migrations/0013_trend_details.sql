alter table mart.feed_coverage add column stretch_begins varchar;
comment on column mart.feed_coverage.grain is 'day, week, four-weeks (the last ones end with the newest week that is over) or month';
comment on column mart.feed_coverage.stretch is 'Number of the stretch of testable periods in which it lies, from 1: a stretch ends at a gap of two months, where the volume of the list changes threefold for good, and where what it lists changes; null for a period that is not testable';
comment on column mart.feed_coverage.stretch_begins is 'Why the stretch does not reach back further: first, gap, volume, or what changed in the mix of papers (see mart.feed_mix); null for a period that is not testable';

create table mart.feed_mix (
    feed_id varchar not null,
    grain varchar not null,
    period_start date not null,
    attribute varchar not null,
    value varchar not null,
    papers integer not null
);
comment on table mart.feed_mix is 'What the new papers of one daily list are in one period, by what the source says of them: when this changes for good, shares before and after are not compared';
comment on column mart.feed_mix.feed_id is 'The feed';
comment on column mart.feed_mix.grain is 'week, four-weeks or month';
comment on column mart.feed_mix.period_start is 'First day of the period';
comment on column mart.feed_mix.attribute is 'age (of papers when the list first shows them, by the day on which they were published), category (the primary one), id (the scheme of the id that the source gives), text (with or without an abstract)';
comment on column mart.feed_mix.value is 'Its value; none where the source gives none';
comment on column mart.feed_mix.papers is 'Papers with it, new on the list in the period; they add up to the papers of mart.feed_coverage';

create table mart.topic_alarm (
    feed_id varchar not null,
    taxonomy_version varchar not null,
    topic_id varchar not null,
    grain varchar not null,
    stretch integer not null,
    period_start date not null,
    papers integer not null,
    observed integer not null,
    expected double not null,
    p_value double not null,
    q_value double not null,
    tested integer not null
);
comment on table mart.topic_alarm is 'One topic with more papers in one period than all that came before it in its stretch explains: without hindsight, so that no later paper changes it; for what proved to last see mart.topic_burst';
comment on column mart.topic_alarm.feed_id is 'The feed';
comment on column mart.topic_alarm.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_alarm.topic_id is 'The topic';
comment on column mart.topic_alarm.grain is 'week, four-weeks or month';
comment on column mart.topic_alarm.stretch is 'The stretch of testable periods; see mart.feed_coverage';
comment on column mart.topic_alarm.period_start is 'First day of the period';
comment on column mart.topic_alarm.papers is 'Papers of the topic in it';
comment on column mart.topic_alarm.observed is 'All papers of the feed in it: the denominator';
comment on column mart.topic_alarm.expected is 'Papers foretold by the year or the quarter before, whichever is more';
comment on column mart.topic_alarm.p_value is 'How often chance gives as many (negative binomial)';
comment on column mart.topic_alarm.q_value is 'The p value, adjusted for the number of topics tested in the period (Benjamini and Hochberg 1995); at most 0.01';
comment on column mart.topic_alarm.tested is 'Topics that were tested in the period';

alter table mart.trend_list add column alarm_topics integer;
comment on column mart.trend_list.grain is 'week, four-weeks or month';
comment on column mart.trend_list.alarm_topics is 'Topics that were tested for an alarm in its last period; see mart.topic_alarm';

create table mart.topic_curve (
    feed_id varchar not null,
    taxonomy_version varchar not null,
    topic_id varchar not null,
    stretch integer not null,
    course varchar not null,
    periods integer not null,
    papers integer not null,
    observed integer not null,
    peak_share double,
    peak_date date,
    peak_low date,
    peak_high date,
    half_life_months double,
    half_life_low double,
    half_life_high double,
    second_share double,
    second_date date,
    second_low date,
    second_high date,
    fit_p_value double
);
comment on table mart.topic_curve is 'A Gompertz curve (Tattershall et al. 2021), or two, through the shares of one topic in one stretch of months of one daily list';
comment on column mart.topic_curve.feed_id is 'The feed';
comment on column mart.topic_curve.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_curve.topic_id is 'The topic';
comment on column mart.topic_curve.stretch is 'The stretch of testable months; see mart.feed_coverage: no curve crosses its ends';
comment on column mart.topic_curve.course is 'too few papers (fewer than 30, or eight months); steady (a curve explains no more than a share that never changes); another course (no curve fits); rising (the peak may lie after the stretch); fading (it may lie before it); one peak; two peaks';
comment on column mart.topic_curve.periods is 'Months that the curve is fitted to';
comment on column mart.topic_curve.papers is 'Papers of the topic in them';
comment on column mart.topic_curve.observed is 'All papers of the feed in them: the denominator';
comment on column mart.topic_curve.peak_share is 'Share at the (first) peak of the curve, 0..1; null where the stretch holds no peak';
comment on column mart.topic_curve.peak_date is 'When the curve peaks (first); null where the stretch holds no peak';
comment on column mart.topic_curve.peak_low is 'Lower end of the 95 % interval of peak_date (profile likelihood); of what is rising the earliest date for a peak';
comment on column mart.topic_curve.peak_high is 'Upper end of it; of what is fading the latest date for a peak';
comment on column mart.topic_curve.half_life_months is 'Months from the (first) peak until the curve has half of its share; its end may lie after the stretch';
comment on column mart.topic_curve.half_life_low is 'Lower end of its 95 % interval';
comment on column mart.topic_curve.half_life_high is 'Upper end of it; null where the shares set none';
comment on column mart.topic_curve.second_share is 'Share of the second curve at its peak, 0..1; null where there is none';
comment on column mart.topic_curve.second_date is 'When it peaks';
comment on column mart.topic_curve.second_low is 'Lower end of the 95 % interval of second_date';
comment on column mart.topic_curve.second_high is 'Upper end of it';
comment on column mart.topic_curve.fit_p_value is 'How often such curves give deviations as large (Pearson, chi-squared); below 0.01 the course is another';

comment on column mart.topic_period.grain is 'day, week, four-weeks or month';
comment on column mart.topic_burst.grain is 'week, four-weeks or month';
comment on column mart.topic_baseline.grain is 'week, four-weeks or month';
