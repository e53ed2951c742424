"""The verb ``quality``: its options, and what it prints."""

from typing import TYPE_CHECKING

import click

from flows.cli.options import json_option

if TYPE_CHECKING:
    from flows.pipeline.checks import Checked


@click.command(epilog="Example: paperstrata quality --json")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Check the published warehouse; exit code 5 where a critical check failed or could not run."""
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import show_json
    from flows.pipeline.checks import check_published
    from flows.workspace import Workspace

    checked = check_published(Workspace.open(ctx.obj["home"]))
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
        _show(checked)
    if not checked.is_ok:
        raise ExitCode(Code.NOT_PUBLISHED)


def _show(checked: "Checked") -> None:
    from flows.cli.output import say, show_table

    findings = checked.findings
    passed = len(checked.results) - len(findings)
    if findings:
        columns = ("check_id", "severity", "state", "expected", "observed")
        show_table(
            columns, ([getattr(finding, column) for column in columns] for finding in findings)
        )
    say(f"checks: {passed} passed, {len(findings)} failed or broken")
    say(f"report: {checked.page}")
    say(f"data docs: {checked.data_docs}")
