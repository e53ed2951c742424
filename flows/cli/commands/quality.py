"""The verb ``quality``: its options, and what it prints."""

from typing import TYPE_CHECKING

import click

from flows.cli.options import json_option

if TYPE_CHECKING:
    from flows.pipeline.checks import Checked
    from warehouse.report.findings import Finding


@click.command(epilog="Example: paperstrata quality --json")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Check the published warehouse; exit code 5 where a critical check failed or could not run."""
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import show_json
    from flows.pipeline.checks import check_published, describe_findings, say_unwritten
    from flows.workspace import Workspace

    workspace = Workspace.open(ctx.obj["home"])
    checked = check_published(workspace)
    if as_json:
        show_json(
            {
                "ok": checked.is_ok,
                "checks": [result.as_record() for result in checked.results],
                "report": str(checked.page),
                "data_docs": str(checked.data_docs),
            }
        )
    else:
        _show(checked, describe_findings(workspace, checked.run_id))
    if not checked.is_ok:
        raise ExitCode(Code.NOT_PUBLISHED)
    if say_unwritten(checked.results):
        raise ExitCode(Code.PROBLEMS)


def _show(checked: "Checked", findings: "list[Finding]") -> None:
    from flows.cli.output import say

    for finding in findings:
        _show_finding(finding)
        say()
    passed = len(checked.results) - len(checked.findings)
    say(f"checks: {passed} passed, {len(checked.findings)} failed or broken")
    say(f"report: {checked.page}")
    say(f"data docs: {checked.data_docs}")


def _show_finding(finding: "Finding") -> None:
    """Print what is wrong, since when, what was seen, and what to do; nothing is cut off."""
    from flows.cli.output import say, say_wrapped

    say_wrapped(f"{finding.heading}.")
    say_wrapped(f"  {finding.check_id}, {finding.severity.lower()}. {finding.since}")
    say_wrapped(f"  expected: {finding.expected}")
    say_wrapped(f"  observed: {finding.observed}")
    say_wrapped(f"  {finding.mend}")
    for command in finding.commands:
        say(f"    {command}")
