-- which publication was the first to hold each id, out of the journal's records
insert into ops.first_publication
select
    alias_id,
    min(run_id)
from (
    select
        unnest(alias_ids) as alias_id,
        run_id
    from read_json(
        ?,
        columns = {alias_ids: 'varchar[]', run_id: 'varchar'},
        format = 'newline_delimited',
        ignore_errors = true
    )
)
group by alias_id
order by alias_id
