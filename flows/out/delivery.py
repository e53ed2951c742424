"""Handing one message to a mail server, in two moves: what can fail first, then the message."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import BinaryIO

from config.mail import MailSettings
from flows.out.letter import bare_address
from flows.report import FlowError, ServerUnreachableError

_SECONDS = 60.0
"""For each read."""
_WHOLE_SECONDS = 300.0
"""For the whole exchange."""
_ACCEPTED = (250, 251)
"""Answers to sender and recipient."""
_MOST_ANSWERED = 1 << 18
"""Bytes of one answer: one of many lines need have no end, and the library keeps them all."""
_MOST_SAID = 1_000
"""Characters of an answer that are shown, and put on record."""
_TAKEN = range(200, 300)
_REFUSED = range(400, 600)
"""Answers to the message (RFC 5321, 4.2.1)."""


class RefusedError(FlowError):
    """The server refuses the message, its sender or every recipient: it was not sent."""


class DoubtfulError(FlowError):
    """The connection broke while the message was handed over: it may have been sent, or not."""


class Envelope:
    """A connection on which sender and recipients are accepted: only the message is missing."""

    def __init__(self, server: smtplib.SMTP, refused: dict[str, str]) -> None:
        """Remember the server, and which recipients it refuses, with its reason."""
        self._server = server
        self.refused = refused

    def hand_over(self, message: EmailMessage) -> None:
        """Send the message.

        Raises:
            RefusedError: the server says that it does not take it.
            DoubtfulError: nobody knows whether it has taken it.
        """
        try:
            code, answer = self._server.data(message.as_bytes())
        except smtplib.SMTPDataError as error:
            raise RefusedError(f"the mail server refuses the message: {_said(error)}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise DoubtfulError(f"the connection broke within the message: {error}") from error
        if code in _REFUSED:
            raise RefusedError(f"the mail server refuses the message: {code} {_text(answer)}")
        if code not in _TAKEN:
            raise DoubtfulError(f"the mail server answers the message by {code} {_text(answer)}")


@contextmanager
def open_envelope(settings: MailSettings) -> Iterator[Envelope]:
    """Yield a connection that waits for the message.

    Raises:
        ServerUnreachableError: the server does not answer, or not as it should.
        RefusedError: it refuses user, sender or every recipient.
    """
    place = f"the mail server {settings.host}:{settings.port}"
    with _deadline() as held:
        yield from _open(settings, place, held)


def _open(settings: MailSettings, place: str, held: list[socket.socket]) -> Iterator[Envelope]:
    try:
        server = _connect(settings, held)
    except smtplib.SMTPAuthenticationError as error:
        raise RefusedError(f"{place} refuses user and password: {_said(error)}") from error
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        # a name that no server can have is a UnicodeError
        raise ServerUnreachableError(f"{place} cannot be used: {error}") from error
    try:
        try:
            refused = _address(server, settings)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerUnreachableError(f"{place} broke off: {error}") from error
        yield Envelope(server, refused)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


class _Bounded:
    """What a server sends, of which one answer may have so many bytes."""

    def __init__(self, sent: BinaryIO) -> None:
        self._sent = sent
        self.left = _MOST_ANSWERED

    def readline(self, most: int) -> bytes:
        line = self._sent.readline(most)
        self.left -= len(line)
        if self.left < 0:
            # the library hangs up, as where a connection breaks
            raise OSError(f"an answer of more than {_MOST_ANSWERED >> 10} KiB")
        return line

    def close(self) -> None:
        self._sent.close()


class _Held(smtplib.SMTP):
    """A connection that remembers its socket before anything is read from it, and of which no
    answer takes more than a bounded memory.
    """

    file: _Bounded | None

    def __init__(self, held: list[socket.socket], host: str, port: int) -> None:
        self._held = held
        super().__init__(host, port, timeout=_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        # a copy: TLS takes the place of the one that it is laid over
        self._held.append(made.dup())
        return made

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Bounded(self.sock.makefile("rb"))
        if self.file is not None:
            self.file.left = _MOST_ANSWERED
        return super().getreply()


class _HeldTls(smtplib.SMTP_SSL, _Held):
    """The same, with TLS from the beginning."""

    def __init__(
        self, held: list[socket.socket], host: str, port: int, context: ssl.SSLContext
    ) -> None:
        self._held = held
        smtplib.SMTP_SSL.__init__(self, host, port, timeout=_SECONDS, context=context)


@contextmanager
def _deadline() -> Iterator[list[socket.socket]]:
    """Yield a list for sockets, which are shut once the whole exchange has taken too long.

    The limit for each read does not hold a server that sends a byte now and then.
    """
    held: list[socket.socket] = []

    def shut() -> None:
        for one in held:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(_WHOLE_SECONDS, shut)
    timer.daemon = True
    timer.start()
    try:
        yield held
    finally:
        timer.cancel()
        for one in held:
            one.close()


def _connect(settings: MailSettings, held: list[socket.socket]) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.tls == "ssl":
        server: smtplib.SMTP = _HeldTls(held, settings.host, settings.port, context)
    else:
        server = _Held(held, settings.host, settings.port)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.tls == "starttls":
            server.starttls(context=context)
        if settings.user and settings.password:
            server.login(settings.user, settings.password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _address(server: smtplib.SMTP, settings: MailSettings) -> dict[str, str]:
    """Name sender and recipients; return the recipients that are refused."""
    code, answer = server.mail(bare_address(settings.sender))
    if code not in _ACCEPTED:
        raise RefusedError(f"the mail server refuses the sender: {code} {_text(answer)}")
    refused = {}
    for recipient in map(bare_address, settings.recipients):
        code, answer = server.rcpt(recipient)
        if code not in _ACCEPTED:
            refused[recipient] = f"{code} {_text(answer)}"
    if len(refused) == len(settings.recipients):
        said = "; ".join(f"{recipient}: {reason}" for recipient, reason in refused.items())
        raise RefusedError(f"the mail server refuses every recipient: {said}")
    return refused


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}"


def _text(answer: bytes | str) -> str:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return said[:_MOST_SAID]
