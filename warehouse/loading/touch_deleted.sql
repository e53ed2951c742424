-- a paper that this run's captures say is deleted, or that replaced ones said so of, shows no entry
-- there, and is derived anew all the same
insert into touched_key
select distinct entry.title_key
from raw.entry as entry
inner join core.paper_alias as known on known.alias_id = entry.own_id
inner join core.paper_alias as alias using (paper_id)
where
    alias.alias_id in (
        select own_id
        from core.deletion
        where
            run_id = getvariable('run_id')
            or capture_id in (select capture_id from caught_up_capture)
        union all
        select own_id
        from gone_deletion
    )
