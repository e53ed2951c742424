-- entries seen = accepted + rejected + held, and each of them is a row where it should be
with entries as (
    select capture_id, count(*) as rows from raw.entry group by capture_id
),

rejects as (
    select capture_id, count(*) as rows from raw.reject group by capture_id
)

select
    capture_id,
    entries_seen,
    entries_accepted,
    coalesce(entries.rows, 0) as entry_rows,
    entries_rejected,
    coalesce(rejects.rows, 0) as reject_rows,
    entries_held
from raw.capture
left join entries using (capture_id)
left join rejects using (capture_id)
where
    entries_seen <> entries_accepted + entries_rejected + entries_held
    or entries_accepted <> coalesce(entries.rows, 0)
    or entries_rejected <> coalesce(rejects.rows, 0)
    or (state = 'held') <> (reason is not null)
    or (state = 'held' and entries_accepted + entries_rejected > 0)
