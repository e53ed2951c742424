-- what captures say that the work file lacks, as the published file has it, and the keys that this
-- touches; the tables of ops, whose rows of one run are written at once
insert into raw.capture by name
from published.raw.capture semi join caught_up_capture using (capture_id, run_id);

insert into raw.entry by name
from published.raw.entry semi join caught_up_capture using (capture_id, run_id);

insert into raw.reject by name
from published.raw.reject semi join caught_up_capture using (capture_id, run_id);

insert into raw.issue by name
from published.raw.issue semi join caught_up_capture using (capture_id, run_id);

insert into raw.field_drift by name
from published.raw.field_drift semi join caught_up_capture using (capture_id, run_id);

insert into touched_key
select distinct title_key
from raw.entry
semi join caught_up_capture using (capture_id, run_id);

-- a text that is not here was written by a run that is not here, as texts that no entry shows go
-- from both files with the same run: to read all texts would be dear
insert into raw.content by name
from published.raw.content
where
    run_id in (
        select run_id
        from published.ops.publication anti join ops.publication using (publication_id)
    )
    and content_id in (
        select content_id
        from raw.entry
        semi join caught_up_capture using (capture_id, run_id)
    )
    and content_id not in (select content_id from raw.content);

insert into ops.first_publication by name
from published.ops.first_publication
where run_id not in (select run_id from ops.first_publication);

insert into ops.run by name
from published.ops.run where run_id not in (select run_id from ops.run);

insert into ops.publication by name
from published.ops.publication
where publication_id not in (select publication_id from ops.publication);

insert into ops.check_result by name
from published.ops.check_result where run_id not in (select run_id from ops.check_result);

insert into ops.trend_said by name
from published.ops.trend_said where run_id not in (select run_id from ops.trend_said);
