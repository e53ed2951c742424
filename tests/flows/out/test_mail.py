"""Mail, by a real server on this machine: never twice, never of a held day, titles stay text."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import duckdb
import pytest
from aiosmtpd.controller import Controller
from lxml import html

from flows.cli.main import run
from tests.flows.out.conftest import Told, copy_home
from tests.flows.out.ports import free_port

pytestmark = pytest.mark.slow
_CHECKOUT = Path(__file__).parents[3]


class Inbox:
    """What a server does with a message: it keeps it, refuses it, or dies with it."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = "250 OK"
        self.refused: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - the name of aiosmtpd
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=default))
        if self.answer == "break":
            server.transport.abort()
        return self.answer


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    kept = Inbox()
    port = free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    try:
        for name, value in {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_TLS": "none",
            "MAIL_FROM": "Papers <papers@example.org>",
            "MAIL_TO": "ada@example.org, ben@example.org",
        }.items():
            monkeypatch.setenv(f"PAPERSTRATA_{name}", value)
        yield kept
    finally:
        server.stop()


def _mail(home: Path, *arguments: str) -> int:
    return run(["--home", str(home), "mail", *arguments])


def test_a_mail_is_sent_once_and_says_what_the_digest_says(
    told: Told, inbox: Inbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_home(told, tmp_path)
    # where there is no home, none begins
    assert _mail(tmp_path / "nowhere") == 2
    assert _mail(tmp_path / "nowhere", "--was-sent") == 2
    assert not (tmp_path / "nowhere").exists()
    capsys.readouterr()
    assert _mail(home, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert inbox.messages == []
    assert _mail(home) == 0
    assert _mail(home) == 0
    assert "nothing is new since the last mail" in capsys.readouterr().out
    (message,) = inbox.messages
    assert message["To"] == "ada@example.org, ben@example.org"
    assert {name.lower() for name in message} == {
        *("subject", "from", "to", "date", "message-id", "auto-submitted"),
        *("mime-version", "content-type"),
    }
    text = message.get_body(("plain",)).get_content()
    assert text.rstrip().replace("\r\n", "\n") in shown
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text

    page = html.fromstring(message.get_body(("html",)).get_content())
    assert not page.xpath("//script | //img | //link | //iframe | //@onerror | //@onload")
    assert all(link.startswith("https://arxiv.org/abs/") for link in page.xpath("//a/@href"))
    assert any("<img src=https://evil.example/x.png>" in link.text for link in page.xpath("//a"))
    assert "prefers-color-scheme: dark" in page.xpath("string(//style)")


def test_a_server_that_refuses_or_does_not_answer_takes_nothing_away(
    told: Told, inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home(told, tmp_path)
    inbox.answer = "554 no"
    assert _mail(home) == 1
    port = os.environ["PAPERSTRATA_SMTP_PORT"]
    monkeypatch.setenv("PAPERSTRATA_SMTP_PORT", "1")
    assert _mail(home) == 3
    monkeypatch.setenv("PAPERSTRATA_SMTP_PORT", port)
    inbox.refused = {"ada@example.org", "ben@example.org"}
    assert _mail(home) == 1
    inbox.answer, inbox.refused = "250 OK", {"ben@example.org"}
    # one of two recipients is told: the mail is sent, and the other is named
    assert _mail(home) == 1
    assert len(inbox.messages) == 1
    assert _mail(home) == 0
    assert len(inbox.messages) == 1


def test_a_doubtful_mail_is_not_sent_again_before_a_person_says_what_became_of_it(
    told: Told, inbox: Inbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_home(told, tmp_path)
    inbox.answer = "break"
    assert _mail(home) == 1
    inbox.answer = "250 OK"
    capsys.readouterr()
    assert _mail(home) == 1
    assert f"`paperstrata --home {home} mail --was-not-sent`" in capsys.readouterr().err
    assert inbox.messages == []
    assert _mail(home, "--was-sent", "--dry-run") == 2
    assert _mail(home, "--was-not-sent") == 0
    assert len(inbox.messages) == 1
    assert _mail(home, "--was-sent") == 2


_KILLED = """
import os, signal, sys
from flows.out import mail
before = mail._note
def note(workspace, record, state, reason=None):
    if state == sys.argv[2] and sys.argv[3] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    before(workspace, record, state, reason)
    if state == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
mail._note = note
from flows.cli.main import run
run(["--home", sys.argv[1], "mail"])
"""


@pytest.mark.parametrize(
    ("state", "when", "sent", "is_doubtful"),
    [
        ("sending", "before", 0, False),
        ("sending", "after", 0, True),
        ("sent", "before", 1, True),
        ("sent", "after", 1, False),
    ],
)
def test_a_kill_at_any_record_never_sends_twice(
    state: str, when: str, sent: int, is_doubtful: bool, told: Told, inbox: Inbox, tmp_path: Path
) -> None:
    home = copy_home(told, tmp_path)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(home), state, when], cwd=_CHECKOUT, timeout=120
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(inbox.messages) == sent
    assert _mail(home) == (1 if is_doubtful else 0)
    assert len(inbox.messages) == (0 if state == "sending" and is_doubtful else 1)


def test_nothing_is_mailed_of_a_feed_whose_newest_day_is_held(
    told: Told, inbox: Inbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_home(told, tmp_path)
    published = home / "warehouse.duckdb"
    loose = shutil.copy(published, tmp_path / "loose.duckdb")
    os.chmod(loose, 0o644)  # noqa: PTH101 - a copy of a file that is read only
    with duckdb.connect(str(loose)) as connection:
        connection.execute(
            "update core.feed_day set state = 'held', reason = 'looks poisoned' where feed_id ="
            " 'hf-daily' and feed_date = date '2025-06-23'"
        )
    shutil.move(loose, published)
    assert _mail(home, "--json") == 1
    ending = capsys.readouterr()
    assert json.loads(ending.out)["waiting"] == ["hf-daily"]
    assert "2025-06-23 is held (looks poisoned)" in ending.err
    assert inbox.messages == []
