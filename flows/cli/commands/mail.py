"""The verb ``mail``: its options, and what it prints."""

from typing import TYPE_CHECKING, Literal

import click

from flows.cli.options import json_option

if TYPE_CHECKING:
    from flows.out.mail import Draft
    from flows.workspace import Workspace


@click.command(epilog="Example: paperstrata mail --dry-run")
@click.option("--dry-run", is_flag=True, help="Show the mail, and send nothing.")
@click.option("--html", is_flag=True, help="With --dry-run: show the HTML part.")
@click.option("settled", "--was-sent", flag_value="sent", help="A doubtful mail has arrived.")
@click.option("settled", "--was-not-sent", flag_value="not sent", help="It has not: send it again.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    dry_run: bool,
    html: bool,
    settled: Literal["sent", "not sent"] | None,
    as_json: bool,
) -> None:
    """Mail what happened since the last mail: what `digest` tells, as HTML and text.

    The server stands in the environment: PAPERSTRATA_SMTP_HOST, _PORT, _USER, _PASSWORD, _TLS
    (starttls, ssl or none), PAPERSTRATA_MAIL_FROM and PAPERSTRATA_MAIL_TO. No mail is sent twice,
    and none of a feed whose newest day is held.
    """
    from flows.cli.output import show_json
    from flows.workspace import Workspace

    if html and not dry_run:
        raise click.UsageError("--html goes with --dry-run")
    if dry_run and settled is not None:
        raise click.UsageError("--dry-run changes nothing: settle the doubtful mail without it")
    workspace = Workspace.open(ctx.obj["home"])
    if settled is not None:
        message_id = _settle(workspace, settled)
        if settled == "sent" and as_json:
            show_json({"was_sent": message_id})
    if dry_run:
        _show(workspace, html=html, as_json=as_json)
    elif settled != "sent":
        _send(workspace, as_json=as_json)


def _settle(workspace: "Workspace", settled: Literal["sent", "not sent"]) -> str:
    """Put on record what became of the doubtful mail; return its id."""
    from flows.cli.output import warn
    from flows.out.mail import settle

    message_id = settle(workspace, settled)
    if message_id is None:
        raise click.UsageError("there is no doubt about any mail")
    warn(f"on record: the mail {message_id} was {settled}")
    return message_id


def _show(workspace: "Workspace", *, html: bool, as_json: bool) -> None:
    from dataclasses import asdict

    from flows.cli.output import show_json
    from flows.out.mail import draft_mail

    draft = draft_mail(workspace)
    if as_json:
        show_json(asdict(draft))
    else:
        _print_letter(draft, html=html)
    _warn_of_waiting(draft)
    _warn_of_doubt(workspace)


def _print_letter(draft: "Draft", *, html: bool) -> None:
    from flows.cli.output import say

    letter = draft.letter
    shown = letter.html if html else f"Subject: {letter.subject}\n\n{letter.text}"
    for line in shown.rstrip().split("\n"):
        say(line)


def _send(workspace: "Workspace", *, as_json: bool) -> None:
    from config.mail import load_mail_settings
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import say, show_json, warn
    from flows.out.delivery import DoubtfulError, RefusedError, open_envelope
    from flows.out.mail import read_log, send_mail

    settings = load_mail_settings()
    try:
        draft, sent = send_mail(workspace, settings, open_envelope)
    except (DoubtfulError, RefusedError) as error:
        warn(f"not known to be sent: {error}" if isinstance(error, DoubtfulError) else str(error))
        _warn_of_doubt(workspace)
        raise ExitCode(Code.PROBLEMS) from error
    if as_json:
        show_json(
            {
                "sent": sent is not None,
                "message_id": sent.message_id if sent else None,
                "subject": draft.letter.subject,
                "refused": dict(sent.refused) if sent else {},
                "waiting": [day.feed_id for day in draft.waiting],
            }
        )
    elif sent is not None:
        say(f"sent to {len(settings.recipients) - len(sent.refused)}: {draft.letter.subject}")
    elif draft.is_empty:
        say("nothing is new since the last mail: none was sent")
    for recipient, reason in (sent.refused if sent else {}).items():
        warn(f"the mail server refuses {recipient}: {reason}")
    _warn_of_waiting(draft)
    _warn_of_doubt(workspace)
    is_doubtful = read_log(workspace.journal).doubtful is not None
    if is_doubtful or (sent and sent.refused) or (draft.waiting and not sent):
        raise ExitCode(Code.PROBLEMS)


def _warn_of_waiting(draft: "Draft") -> None:
    from flows.cli.output import warn
    from flows.cli.told_commands import with_home

    for day in draft.waiting:
        look = with_home(f"`paperstrata captures list --feed {day.feed_id} --state held`")
        warn(f"nothing is told of {day.feed_id}: {day.feed_date} is held ({day.reason}); {look}")


def _warn_of_doubt(workspace: "Workspace") -> None:
    """Say which mail may have been sent, and how to settle that."""
    from flows.cli.output import warn
    from flows.cli.told_commands import with_home
    from flows.out.mail import read_log

    doubtful = read_log(workspace.journal).doubtful
    if doubtful is not None:
        warn(
            f"nobody knows whether the mail {doubtful['message_id']} of {doubtful['at']} UTC was"
            " sent: look for it in the inbox, then give "
            + with_home("`paperstrata mail --was-sent` or `paperstrata mail --was-not-sent`")
        )
