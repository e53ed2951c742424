alter table mart.feed_coverage add column is_whole boolean;
alter table mart.feed_coverage add column is_testable boolean;
alter table mart.feed_coverage add column stretch integer;
comment on column mart.feed_coverage.is_whole is 'Every day of the period is in the ledger, and past its deadline';
comment on column mart.feed_coverage.is_testable is 'Whole, with papers, and at least three fifths of its expected days have a usable look';
comment on column mart.feed_coverage.stretch is 'Number of the stretch of testable periods in which it lies, from 1: a stretch ends at a gap of two months, and where the volume of the list changes threefold for good; null for a period that is not testable';

alter table mart.topic_period add column is_testable boolean;
alter table mart.topic_period add column stretch integer;
alter table mart.topic_period add column expected double;
alter table mart.topic_period add column is_rising boolean;
comment on column mart.topic_period.is_testable is 'As in mart.feed_coverage: other periods are never tested';
comment on column mart.topic_period.stretch is 'As in mart.feed_coverage: no baseline crosses its ends';
comment on column mart.topic_period.expected is 'Papers that the baseline of the stretch expects; null for a period or a topic that was not searched for bursts';
comment on column mart.topic_period.is_rising is 'The period lies in a burst of mart.topic_burst that is shown, and that could be called at its end; null for a period that is not testable, and for days';
comment on column mart.topic_period.share_average_4 is 'Papers / observed over this period and the three before it in its stretch; of a period that is not testable its own share';
comment on column mart.topic_period.growth is 'Share of this period over the share of up to four before it in its stretch, with half a paper added to each count; null for a period that is not testable, and for the first of a stretch';

create table mart.topic_burst (
    feed_id varchar not null,
    taxonomy_version varchar not null,
    topic_id varchar not null,
    grain varchar not null,
    stretch integer not null,
    start_period date not null,
    confirmed_period date not null,
    peak_period date not null,
    end_period date,
    status varchar not null,
    strength double not null,
    papers integer not null,
    observed integer not null,
    expected double not null,
    ratio double not null,
    is_shown boolean not null
);
comment on table mart.topic_burst is 'One burst of one topic in one daily list: periods in which its share stood above its baseline (Kleinberg 2003, with negative binomial noise); as seen today, with hindsight';
comment on column mart.topic_burst.feed_id is 'The feed';
comment on column mart.topic_burst.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_burst.topic_id is 'The topic';
comment on column mart.topic_burst.grain is 'week or month';
comment on column mart.topic_burst.stretch is 'The stretch of testable periods; no baseline crosses its ends; see mart.topic_period';
comment on column mart.topic_burst.start_period is 'First day of the first period above the baseline';
comment on column mart.topic_burst.confirmed_period is 'First day of the first period at whose end the same method called the burst';
comment on column mart.topic_burst.peak_period is 'First day of the period with the highest share';
comment on column mart.topic_burst.end_period is 'First day of the last period above the baseline; null while the burst lasts at the end of the stretch';
comment on column mart.topic_burst.status is 'active or ended, at the end of the stretch';
comment on column mart.topic_burst.strength is 'Logarithm of the likelihood ratio of burst and baseline, in nats';
comment on column mart.topic_burst.papers is 'Papers of the topic from the start to the end';
comment on column mart.topic_burst.observed is 'All papers of the feed in these periods';
comment on column mart.topic_burst.expected is 'Papers that the baseline expects in these periods';
comment on column mart.topic_burst.ratio is 'papers / expected';
comment on column mart.topic_burst.is_shown is 'Its strength is above the cut of mart.trend_list: of such bursts at most one in twenty is expected by chance';

create table mart.topic_trend (
    feed_id varchar not null,
    taxonomy_version varchar not null,
    topic_id varchar not null,
    grain varchar not null,
    stretch integer not null,
    periods integer not null,
    papers integer not null,
    observed integer not null,
    share_first double not null,
    share_last double not null,
    slope_per_year double,
    slope_low double,
    slope_high double,
    p_value double,
    q_value double,
    is_shown boolean not null
);
comment on table mart.topic_trend is 'Whether the share of one topic in one daily list rises or falls slowly over a stretch of months (Mann-Kendall and Theil-Sen); see mart.topic_burst for what is sudden';
comment on column mart.topic_trend.feed_id is 'The feed';
comment on column mart.topic_trend.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_trend.topic_id is 'The topic';
comment on column mart.topic_trend.grain is 'month';
comment on column mart.topic_trend.stretch is 'The stretch of testable periods; see mart.feed_coverage';
comment on column mart.topic_trend.periods is 'Its testable periods';
comment on column mart.topic_trend.papers is 'Papers of the topic in them';
comment on column mart.topic_trend.observed is 'All papers of the feed in them: the denominator';
comment on column mart.topic_trend.share_first is 'papers / observed over the first three periods, 0..1';
comment on column mart.topic_trend.share_last is 'papers / observed over the last three periods, 0..1';
comment on column mart.topic_trend.slope_per_year is 'Change of the share in a year: the median of the slopes between all pairs of periods (Theil 1950, Sen 1968); null with fewer than eight periods';
comment on column mart.topic_trend.slope_low is 'Lower end of its 95 % interval';
comment on column mart.topic_trend.slope_high is 'Upper end of its 95 % interval';
comment on column mart.topic_trend.p_value is 'How often chance gives such an order of the shares (Mann 1945, Kendall 1975; Hamed and Rao 1998)';
comment on column mart.topic_trend.q_value is 'The p value, adjusted for the number of topics (Benjamini and Hochberg 1995)';
comment on column mart.topic_trend.is_shown is 'q_value is at most 0.05, and the interval of the slope leaves out zero';

create table mart.topic_baseline (
    feed_id varchar not null,
    taxonomy_version varchar not null,
    topic_id varchar not null,
    grain varchar not null,
    period_start date not null,
    expected double not null
);
comment on table mart.topic_baseline is 'What the baseline of one topic expects in one testable period';
comment on column mart.topic_baseline.feed_id is 'The feed';
comment on column mart.topic_baseline.taxonomy_version is 'Version of the taxonomy';
comment on column mart.topic_baseline.topic_id is 'The topic';
comment on column mart.topic_baseline.grain is 'week or month';
comment on column mart.topic_baseline.period_start is 'First day of the period';
comment on column mart.topic_baseline.expected is 'Papers that the baseline expects';

create table mart.trend_list (
    feed_id varchar not null,
    grain varchar not null,
    stretch integer not null,
    first_period date not null,
    last_period date not null,
    periods integer not null,
    topics integer not null,
    bursts integer not null,
    shown integer not null,
    strength_cut double,
    shuffles integer not null,
    chance_bursts double,
    false_discovery_rate double,
    input_digest varchar not null
);
comment on table mart.trend_list is 'One stretch of testable periods of one daily list: how many bursts were found in it, and how many chance alone would give';
comment on column mart.trend_list.feed_id is 'The feed';
comment on column mart.trend_list.grain is 'week or month';
comment on column mart.trend_list.stretch is 'Number of the stretch, from 1; see mart.topic_period';
comment on column mart.trend_list.first_period is 'First day of its first period';
comment on column mart.trend_list.last_period is 'First day of its last period';
comment on column mart.trend_list.periods is 'Its testable periods';
comment on column mart.trend_list.topics is 'Topics that were searched';
comment on column mart.trend_list.bursts is 'Bursts found, shown or not';
comment on column mart.trend_list.shown is 'Bursts above the cut';
comment on column mart.trend_list.strength_cut is 'Lowest strength that is shown: so that at most one in twenty shown is expected by chance; null where nothing is shown';
comment on column mart.trend_list.shuffles is 'How often the papers were dealt anew to the periods';
comment on column mart.trend_list.chance_bursts is 'Mean number of bursts above the cut in the shuffled histories, one added to their sum; of all bursts where nothing is shown';
comment on column mart.trend_list.false_discovery_rate is 'chance_bursts / shown; null where nothing is shown';
comment on column mart.trend_list.input_digest is 'Digest of the counts and of the method: what is unchanged is not searched again';

alter table ops.trend_said add column since date;
alter table ops.trend_said add column strength double;
comment on column ops.trend_said.since is 'First day of the first period of the burst; null for publications before bursts were found';
comment on column ops.trend_said.strength is 'As in mart.topic_burst; null for publications before bursts were found';
