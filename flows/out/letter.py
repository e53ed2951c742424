"""The mail of a digest: one message with a text and an HTML part.

Its headers hold no text of others, and the library refuses a line break in them. The HTML part
needs no script and nothing from the network.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from config.mail import MailSettings
from flows.out.rendering import render
from flows.out.sentences import say_subject
from warehouse.news_values import Day, News

_LIMIT = 10
_WIDTH = 76


@dataclass(frozen=True)
class Letter:
    """What one mail says, before it is addressed."""

    subject: str
    text: str
    html: str


def write_letter(news: News, waiting: Sequence[Day], site_address: str) -> Letter:
    """Return the news as a letter; ``waiting`` are held days, of whose feeds nothing is told."""
    values = {"news": news, "waiting": waiting, "site_address": site_address, "limit": _LIMIT}
    return Letter(
        f"paperstrata, {say_subject(news)}",
        _wrapped(render("mail.txt.j2", **values)),
        render("mail.html.j2", **values).lstrip(),
    )


def address_letter(
    letter: Letter, settings: MailSettings, message_id: str, moment: datetime
) -> EmailMessage:
    """Return a letter as the message that is sent; ``moment`` is naive UTC."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = settings.sender
    message["To"] = ", ".join(settings.recipients)
    message["Date"] = format_datetime(moment.replace(tzinfo=UTC))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def bare_address(address: str) -> str:
    """Return ``ada@example.org`` of ``Ada <ada@example.org>``."""
    return parseaddr(address)[1]


def _wrapped(text: str) -> str:
    """Return a text with lines that fit a mail; addresses stay whole."""
    wrapped = (
        textwrap.fill(
            line,
            _WIDTH,
            subsequent_indent=" " * (len(line) - len(line.lstrip("- "))),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.strip().split("\n")
    )
    return "\n".join(wrapped) + "\n"
