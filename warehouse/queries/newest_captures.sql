-- a row per feed: its newest look; a time for which a capture is held is none
-- saved:
select
    feed_id,
    max(captured_at) filter (
        not coalesce(regexp_matches(reason, '^(implausible_date|captured_at_ahead):'), false)
    ) as newest_captured_at
from raw.capture
group by feed_id
