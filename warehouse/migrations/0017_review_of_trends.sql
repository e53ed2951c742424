comment on column mart.topic_period.growth_rank is 'Rank by growth_low in the period, 1 is the growth whose lower end is highest; null without a growth, and for a topic of every paper now and before';
comment on column mart.topic_burst.expected is 'Papers that the baseline expects in these periods, or the new level where the share stayed at one before the burst';
comment on column mart.topic_curve.second_high is 'Upper end of it; null where it may lie after the history';
