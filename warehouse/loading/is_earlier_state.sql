-- whether the work file is an earlier state of the published one, under the same configuration, and
-- lacks little of it: of the same line of publications, without one made anew between them
select
    exists (from ops.publication)
    and not exists (from ops.publication anti join published.ops.publication using (publication_id))
    and not exists (from raw.capture anti join published.raw.capture using (capture_id))
    and (select min(loaded_at) from raw.capture)
    is not distinct from (select min(loaded_at) from published.raw.capture)
    and not exists (from mart.about except from published.mart.about)
    and (select count(*) from caught_up_capture)
    <= greatest(100, (select count(*) // 10 from raw.capture)) as is_earlier_state
