"""The mail of what happened since the last one: never twice, and never of a held day.

What was told is on record in the journal. A message is recorded as ``sending`` when sender and
recipients are accepted, durably, before the message itself is handed over; then as ``sent`` when
the server has taken it, or as ``not sent`` when it has refused it. A process that dies between the
two records leaves a doubt that no record could resolve, for only the server knows. Then nothing
more is sent until a person says what became of it; recording only afterwards would send twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from config.mail import MailSettings
from flows.clock import new_run_id
from flows.out.delivery import Envelope, RefusedError
from flows.out.digest import usual_begin, watch_lists
from flows.out.letter import Letter, address_letter, write_letter
from flows.workspace import Workspace
from warehouse.connection import open_published
from warehouse.journal import Journal
from warehouse.lock import writer_lock
from warehouse.news import list_all_feeds, read_news
from warehouse.news_values import Day, FeedNews, News

Settled = Literal["sent", "not sent"]
OpenEnvelope = Callable[[MailSettings], AbstractContextManager[Envelope]]
_KIND: Final = "mail"


@dataclass(frozen=True)
class MailLog:
    """What the journal says of mails."""

    doubtful: Mapping[str, Any] | None = None
    """The record of a mail of which nobody knows whether it was sent."""
    until: Mapping[str, datetime] | None = None
    """By feed the publication up to which mails have told."""
    climbed: frozenset[str] = frozenset()
    """The papers that were told to climb."""


@dataclass(frozen=True)
class Draft:
    """A mail before it is sent, and what it leaves out."""

    news: News
    waiting: tuple[Day, ...]
    """The newest days that are held: of their feeds nothing is told, until they are settled."""
    letter: Letter

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send."""
        return self.news.is_empty


@dataclass(frozen=True)
class Sent:
    """A mail that was taken by the server."""

    message_id: str
    refused: Mapping[str, str]
    """The recipients that the server refused, with its reason."""


def read_log(journal: Journal) -> MailLog:
    """Return what the journal says of mails sent."""
    last: dict[str, dict[str, Any]] = {}
    for record in journal.read(_KIND):
        last[record["mail_id"]] = record
    until: dict[str, datetime] = {}
    climbed: set[str] = set()
    doubtful = None
    for record in last.values():
        if record["state"] == "sending":
            doubtful = record
        elif record["state"] == "sent":
            until |= {feed: datetime.fromisoformat(at) for feed, at in record["until"].items()}
            climbed |= set(record["climbed"])
    return MailLog(doubtful, until, frozenset(climbed))


def draft_mail(workspace: Workspace) -> Draft:
    """Return the mail that tells what happened since the last one; nothing is sent.

    The first one tells a week.

    Raises:
        NotPublishedError: there is no warehouse yet.
    """
    log = read_log(workspace.journal)
    with open_published(workspace.settings.home.published, is_current=True) as connection:
        usual = usual_begin(connection)
        since = {feed: (log.until or {}).get(feed, usual) for feed in list_all_feeds(connection)}
        news = read_news(connection, since, watch_lists(workspace.watch))
    waiting = tuple(day for feed in news.feeds if (day := feed.held_day))
    told = tuple(_untold(feed, log) for feed in news.feeds if feed.held_day is None)
    news = replace(news, feeds=told)
    return Draft(news, waiting, write_letter(news, waiting, workspace.settings.out.site_address))


def send_mail(
    workspace: Workspace, settings: MailSettings, open_envelope: OpenEnvelope
) -> tuple[Draft, Sent | None]:
    """Draft the mail and send it, unless there is nothing to tell, or doubt about the last one.

    Raises:
        NotPublishedError: there is no warehouse yet.
        LockedError: another process is sending.
        RefusedError: the server refuses it; it was not sent, and the next one tells the same.
        DoubtfulError: it may have been sent.
        ServerUnreachableError: the server does not answer.
    """
    with open_published(workspace.settings.home.published):
        pass  # a lock would begin a home where there is none
    with _sending_alone(workspace):
        draft = draft_mail(workspace)
        if draft.is_empty or read_log(workspace.journal).doubtful:
            return draft, None
        mail_id = new_run_id()
        message_id = f"<{mail_id}@{workspace.settings.out.tag.partition(',')[0].split('@')[-1]}>"
        message = address_letter(draft.letter, settings, message_id, workspace.now())
        record = _record(draft, mail_id, message_id)
        with open_envelope(settings) as envelope:
            _note(workspace, record, "sending")
            try:
                envelope.hand_over(message)
            except RefusedError as error:
                _note(workspace, record, "not sent", str(error))
                raise
            _note(workspace, record, "sent")
            return draft, Sent(message_id, envelope.refused)


def settle(workspace: Workspace, state: Settled) -> str | None:
    """Put on record what became of a doubtful mail; return its Message-ID, None without one.

    Raises:
        LockedError: another process is sending it just now.
    """
    if read_log(workspace.journal).doubtful is None:
        return None
    with _sending_alone(workspace):
        doubtful = read_log(workspace.journal).doubtful
        if doubtful is None:
            return None
        _note(workspace, doubtful, state, "said by a person")
        return str(doubtful["message_id"])


@contextmanager
def _sending_alone(workspace: Workspace) -> Iterator[None]:
    """Hold the lock of who sends mail: the writer of the warehouse is not kept waiting."""
    holder = {"verb": "mail", "since": f"{workspace.now():%Y-%m-%d %H:%M:%S} UTC"}
    lock = workspace.settings.home.folder / "mail.lock"
    with writer_lock(lock, holder, workspace.settings.lock_wait_seconds):
        yield


def _untold(feed: FeedNews, log: MailLog) -> FeedNews:
    """Return the news of a feed without papers that climb again after a fall."""
    climbed = tuple(one for one in feed.climbed if one.paper.paper_id not in log.climbed)
    return replace(feed, climbed=climbed)


def _record(draft: Draft, mail_id: str, message_id: str) -> dict[str, Any]:
    told: Sequence[FeedNews] = draft.news.feeds
    return {
        "mail_id": mail_id,
        "message_id": message_id,
        "publication_id": draft.news.publication_id,
        "until": {feed.feed_id: draft.news.published_at.isoformat() for feed in told},
        "climbed": sorted({one.paper.paper_id for feed in told for one in feed.climbed}),
    }


def _note(
    workspace: Workspace, record: Mapping[str, Any], state: str, reason: str | None = None
) -> None:
    """Put the state of a mail on record, durable on return."""
    noted = {**record, "state": state, "at": workspace.now().isoformat(), "reason": reason}
    workspace.journal.append(_KIND, [noted])
