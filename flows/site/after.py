"""The site as the last step of a run: light to import, for a run may end without anything new."""

from flows.out.after import feeds_after
from flows.report import Outcome, Report, describe
from flows.stopped import raise_if_stopped
from flows.workspace import Workspace


def site_after(workspace: Workspace, report: Report, *, is_of_any_size: bool = False) -> Report:
    """Publish the site and its feeds after a run that has published; return its report.

    After a run that had nothing to publish they are published where an earlier one was stopped
    before they were whole. What has been published stays so: a site that cannot be written is a
    warning. A site of very many papers takes longer than the run itself: it is left to the verb
    ``publish``, unless ``is_of_any_size``.
    """
    if not workspace.settings.publish_site or not (
        report.is_published or _is_left(workspace, report)
    ):
        return report
    most = workspace.settings.site_papers
    if report.papers.total > most and not is_of_any_size:
        if not report.is_published:
            return report
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


def _is_left(workspace: Workspace, report: Report) -> bool:
    """Tell whether a run that published nothing leaves a site that is of another publication."""
    if report.is_blocked:
        return False
    from flows.site.store import read_source, say_source

    home = workspace.settings.home
    try:
        return read_source(home.site) != say_source(home.published)
    except OSError:
        return False
