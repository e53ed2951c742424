"""The site as the last step of a run: light to import, for a run may end without anything new."""

from flows.out.after import feeds_after
from flows.report import Outcome, Report, describe
from flows.stopped import raise_if_stopped
from flows.workspace import Workspace


def site_after(workspace: Workspace, report: Report, *, is_of_any_size: bool = False) -> Report:
    """Publish the site and its feeds after a run that has published; return its report.

    What has been published stays so: a site that cannot be written is a warning. A site of very
    many papers takes longer than the run itself: it is left to the verb ``publish``, unless
    ``is_of_any_size``.
    """
    if not report.is_published or not workspace.settings.publish_site:
        return report
    most = workspace.settings.site_papers
    if report.papers.total > most and not is_of_any_size:
        said = f"{report.papers.total:,} papers are more than site_papers = {most:,}"
        note = f"the site was left as it is: {said}; `paperstrata publish` writes it"
        return report + Outcome(notes=[note])
    from flows.site.publish import publish_site
    from flows.site.store import refuse_others

    try:
        refuse_others(workspace.settings.home.site)
        # the site names the feeds that are there
        report = feeds_after(workspace, report)
        publish_site(workspace)
    except Exception as error:
        raise_if_stopped()
        # whatever it is, the run has published, and its exit code must say so
        said = f"the site could not be written: {describe(error)}"
        return report + Outcome(warnings=[f"{said}; try again with `paperstrata publish`"])
    return report
