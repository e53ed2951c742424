"""``paperstrata quality``: run all checks on the published warehouse, write the reports."""

from typing import TYPE_CHECKING

import click

from flows.verbs.options import json_option

if TYPE_CHECKING:
    from flows.judge import Judged


@click.command(epilog="Example: paperstrata quality --json")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Check the published warehouse; exit code 5 where a critical check failed or could not run."""
    from flows.exits import ExitCode
    from flows.house import House
    from flows.judge import judge_published
    from flows.show import show_json

    judged = judge_published(House.open(ctx.obj["home"]))
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


def _show(judged: "Judged") -> None:
    from flows.show import say, show_table

    findings = judged.findings
    passed = len(judged.results) - len(findings)
    if findings:
        columns = ("check_id", "severity", "state", "expected", "observed")
        show_table(columns, ([finding[column] for column in columns] for finding in findings))
    say(f"checks: {passed} passed, {len(findings)} failed or broken")
    say(f"report: {judged.page}")
    say(f"data docs: {judged.data_docs}")
