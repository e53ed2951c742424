-- core.correction: what the declared corrections do; overrides are laid over the touched papers.
-- expired_guard (correction_id) is given by the flow. Where two ids of one paper override the same
-- field, the first id whose guard holds does.
create or replace temp table override as
select
    correction.correction_id,
    correction.paper_id as corrected_id,
    correction.field,
    correction.was,
    correction.value,
    coalesce(alias.paper_id, correction.paper_id) as paper_id
from core.correction as correction
left join core.paper_alias as alias on alias.alias_id = correction.paper_id
where correction.kind = 'override';

-- what the sources say changes for touched papers alone
update core.correction
set observed = seen.observed, state = seen.state
from (
    select
        override.correction_id,
        case override.field
            when 'title' then paper.title
            when 'published_date' then paper.published_date::varchar
            when 'organisation' then paper.organisation
            when 'submitter' then paper.submitter
            when 'github_url' then paper.github_url
            when 'project_url' then paper.project_url
        end as observed,
        observed is not distinct from override.was as holds,
        row_number() over (
            partition by override.paper_id, override.field, holds
            order by override.corrected_id
        ) as turn,
        case
            when paper.paper_id is null then 'unused'
            when observed = override.value then 'needless'
            when holds and turn = 1 then 'applied'
            else 'expired'
        end as state
    from override
    left join core.paper as paper using (paper_id)
    where
        paper.paper_id is null
        or paper.paper_id in (select paper_id from touched_paper)
) as seen
where correction.correction_id = seen.correction_id;

create or replace temp table laid_over as
pivot (
    select
        override.paper_id,
        override.field,
        override.value
    from override
    inner join core.correction as correction using (correction_id)
    where
        correction.state = 'applied'
        and override.paper_id in (select paper_id from touched_paper)
)
on field in ('title', 'published_date', 'organisation', 'submitter', 'github_url', 'project_url')
using max(value)
group by paper_id;

update core.paper
set
    title = coalesce(laid_over.title, paper.title),
    published_date = coalesce(laid_over.published_date::date, paper.published_date),
    organisation = coalesce(laid_over.organisation, paper.organisation),
    submitter = coalesce(laid_over.submitter, paper.submitter),
    github_url = coalesce(laid_over.github_url, paper.github_url),
    project_url = coalesce(laid_over.project_url, paper.project_url)
from laid_over
where paper.paper_id = laid_over.paper_id;

update core.correction
set
    state = case
        when
            kind = 'drop'
            and correction_id in (
                select dropped.correction_id
                from core.correction as dropped
                inner join raw.reject as reject
                    on reject.rule = 'dropped' and reject.value = dropped.paper_id
                inner join raw.capture as capture using (capture_id)
                where
                    coalesce(dropped.feed_id = capture.feed_id, true)
                    and reject.reason = dropped.reason
            )
            then 'applied'
        when
            kind = 'drop'
            and title is not null
            and correction_id in (
                select guarded.correction_id
                from core.correction as guarded
                inner join raw.entry as entry on entry.own_id = guarded.paper_id
                inner join raw.capture as capture using (capture_id)
                where coalesce(guarded.feed_id = capture.feed_id, true)
            )
            then 'expired'
        when correction_id in (select correction_id from expired_guard) then 'expired'
        when kind = 'same_as' and paper_id in (select alias_id from core.paper_alias) then 'applied'
        when
            kind = 'keep_apart'
            and correction_id in (
                select pair.correction_id
                from core.correction as pair
                left join core.paper_alias as alias
                    on alias.alias_id in (pair.paper_id, pair.other_id)
                    and not starts_with(alias.alias_id, 'title:')
                inner join core.match_edge as edge
                    on edge.decision = 'apart'
                    and edge.left_id in (pair.paper_id, pair.other_id)
                    and edge.right_id in (pair.paper_id, pair.other_id, alias.paper_id)
            )
            then 'applied'
        else 'unused'
    end
where kind != 'override';
