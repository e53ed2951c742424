"""The verbs: each has a line here and a module of its name in ``flows.cli.commands``."""

from importlib import import_module

import click

from flows.cli.nearest import NamingGroup
from flows.cli.options import take_home, take_texts

VERBS = {
    "demo": "a small sample of our own making, all the way, in a minute",
    "ingest": "load captures: files or folders, any known format",
    "fetch": "look at a feed now",
    "daily": "the scheduled run: inboxes, looks that are due, checks, reports",
    "backfill": "history, previewed and resumable",
    "serve": "the schedules of the configuration, until stopped",
    "status": "the day ledger: coverage, gaps, late and open days, last run",
    "publish": "the site: static pages of what is published",
    "trends": "what is rising, with evidence",
    "digest": "what happened since an instant, as Markdown",
    "mail": "the same by mail, since the last one",
    "search": "papers by words, the most relevant and newest first",
    "papers": "papers by votes, by what they gain, or the newest",
    "bursts": "the same method on anybody's counts",
    "topics": "the topics and what they match; for papers from anywhere",
    "sql": "one query on the published warehouse, read only",
    "notebook": "a worked example in marimo, on the published warehouse",
    "mcp": "answers for agents, read only (Model Context Protocol)",
    "export": "every mart as Parquet or CSV, with a manifest",
    "quality": "run all checks, write the reports",
    "rejects": "entries that broke the contract: list, show, replay",
    "captures": "looks at feeds: list, show, decide, erase",
    "verify": "is the warehouse what its captures say? digests",
    "rebuild": "the warehouse anew from the landing",
}
"""What ``--help`` says of each verb, in the order in which a newcomer meets them."""


class Verbs(NamingGroup):
    """Imports a verb when it is called, so that --help and sql start quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb."""
        if cmd_name not in VERBS:
            return None
        command = import_module(f"flows.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - tells the type
        take_home(command)
        take_texts(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each verb does, without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))
