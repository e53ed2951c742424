"""``paperstrata quality``: run all checks on the published warehouse, write the reports."""

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
    from flows.cli.exit_codes import ExitCode
    from flows.cli.output import show_json
    from flows.pipeline.checks import check_published
    from flows.workspace import Workspace

    judged = check_published(Workspace.open(ctx.obj["home"]))
    if as_json:
        show_json(
            {
                "ok": judged.is_ok,
                "checks": judged.results,
                "report": str(judged.page),
                "data_docs": str(judged.data_docs),
            }
        )
    else:
        _show(judged)
    if not judged.is_ok:
        raise ExitCode(5)


def _show(judged: "Checked") -> None:
    from flows.cli.output import say, show_table

    findings = judged.findings
    passed = len(judged.results) - len(findings)
    if findings:
        columns = ("check_id", "severity", "state", "expected", "observed")
        show_table(columns, ([finding[column] for column in columns] for finding in findings))
    say(f"checks: {passed} passed, {len(findings)} failed or broken")
    say(f"report: {judged.page}")
    say(f"data docs: {judged.data_docs}")
