-- the captures of the published file that the work file lacks, or holds as an earlier run read them
insert into caught_up_capture
select
    capture_id,
    run_id
from published.raw.capture
anti join raw.capture using (capture_id, run_id);
