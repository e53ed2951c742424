"""Handing mail over under TLS and with a password, to a server with a certificate of its own."""

import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.mail import MailSettings, load_mail_settings
from flows.out.delivery import RefusedError, open_envelope
from flows.report import ServerUnreachableError
from tests.flows.out.ports import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]


class _Kept:
    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(envelope.content)
        return "250 OK"


def _authenticate(_server: Any, _session: Any, _envelope: Any, _kind: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data == LoginPassword(b"ada", b"secret"), handled=False)


def _certificate(folder: Path) -> Path:
    """Write a certificate for localhost that signs itself, with its key; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)  # noqa: TID251 - a certificate is judged by the real clock
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


class _OverTls(Controller):
    """A server that asks for a password, under TLS from the first byte or by STARTTLS."""

    def __init__(self, kept: _Kept, port: int, context: ssl.SSLContext, *, is_late: bool) -> None:
        self._late_context = context if is_late else None
        super().__init__(
            kept, hostname="localhost", port=port, ssl_context=None if is_late else context
        )

    def factory(self) -> SMTP:
        return SMTP(
            self.handler,
            tls_context=self._late_context,
            require_starttls=self._late_context is not None,
            authenticator=_authenticate,
            auth_required=True,
            auth_require_tls=self._late_context is not None,
        )


@contextmanager
def _server(certificate: Path, *, is_late: bool) -> Iterator[tuple[_Kept, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    kept, port = _Kept(), free_port()
    server = _OverTls(kept, port, context, is_late=is_late)
    server.start()
    try:
        yield kept, port
    finally:
        server.stop()


def _settings(port: int, tls: str, password: str = "secret") -> MailSettings:
    return load_mail_settings(
        {
            "PAPERSTRATA_SMTP_HOST": "localhost",
            "PAPERSTRATA_SMTP_PORT": str(port),
            "PAPERSTRATA_SMTP_TLS": tls,
            "PAPERSTRATA_SMTP_USER": "ada",
            "PAPERSTRATA_SMTP_PASSWORD": password,
            "PAPERSTRATA_MAIL_FROM": "papers@example.org",
            "PAPERSTRATA_MAIL_TO": "ada@example.org",
        }
    )


def test_a_server_whose_name_no_server_can_have_cannot_be_used() -> None:
    settings = _settings(25, "ssl").model_copy(update={"host": "a..example"})
    with pytest.raises(ServerUnreachableError, match="cannot be used"):
        open_envelope(settings).__enter__()


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_mail_goes_by_tls_to_a_server_whose_certificate_is_trusted_and_to_no_other(
    tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = _certificate(tmp_path)
    message = EmailMessage()
    message.set_content(".\nA line that is a dot alone ends no message.\n.\n")
    with _server(certificate, is_late=tls == "starttls") as (kept, port):
        with pytest.raises(ServerUnreachableError, match="certificate"):
            open_envelope(_settings(port, tls)).__enter__()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(RefusedError, match="refuses user and password"):
            open_envelope(_settings(port, tls, "guessed")).__enter__()
        with open_envelope(_settings(port, tls)) as envelope:
            envelope.hand_over(message)
        assert len(kept.messages) == 1
        assert b"ends no message" in kept.messages[0]


@pytest.mark.parametrize("tls", ["none", "ssl"])
def test_a_server_that_sends_a_byte_now_and_then_is_left_at_the_deadline_of_the_whole(
    tls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.out.delivery._WHOLE_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_drip, args=(listener,), daemon=True).start()
        settings = _settings(listener.getsockname()[1], tls)
        with pytest.raises(ServerUnreachableError):
            open_envelope(settings.model_copy(update={"host": "127.0.0.1"})).__enter__()


def _drip(listener: socket.socket) -> None:
    """Begin a TLS record and a greeting that never end: either takes an hour by its bytes."""
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        connection.sendall(b"\x16\x03\x03\x40\x00")
        while True:
            connection.sendall(b"2")
            time.sleep(0.05)


@pytest.mark.parametrize("line", [b"220-" + b"x" * 8_000 + b"\r\n", b"220-x\r\n"])
def test_an_answer_without_an_end_is_left_before_it_takes_much_memory(line: bytes) -> None:
    tracemalloc.start()
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=_pour, args=(listener, line * 100), daemon=True).start()
            settings = _settings(listener.getsockname()[1], "none")
            with pytest.raises(ServerUnreachableError, match="more than 256 KiB"):
                open_envelope(settings.model_copy(update={"host": "127.0.0.1"})).__enter__()
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


def _pour(listener: socket.socket, lines: bytes) -> None:
    """Answer with lines of which none is the last."""
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        while True:
            connection.sendall(lines)
