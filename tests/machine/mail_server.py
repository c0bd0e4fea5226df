"""A real mail server in a thread, which refuses, hangs up and forgets as it is told."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel.email import SmtpTransport

SENDER = "aterkomst@alvhaga.example"
ACCEPTED = "250 Message accepted for delivery"


@dataclass
class MailServer:
    """What the server answers, and what it got. An answer of None hangs up."""

    to_recipient: Callable[[str], str | None] = lambda _address: "250 OK"
    to_data: str | None = ACCEPTED
    to_quit: str | None = "221 Bye"
    keeps_what_it_hangs_up_on: bool = False
    tells_of_failures: bool = False
    """Whether it can be asked to (RFC 3461); `asked` is what it was."""
    asked: list[str] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)
    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    was_private: list[bool] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count who comes."""
        self.connections += 1
        session.host_name = hostname
        return [*responses[:1], "250-DSN", *responses[1:]] if self.tells_of_failures else responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer to a recipient."""
        if (answer := self.to_recipient(address)) is None:
            return _hang_up(server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer to a message, and keep it when the answer is yes."""
        if (self.to_data or "").startswith("2") or self.keeps_what_it_hangs_up_on:
            content = envelope.content
            assert isinstance(content, bytes)
            self.got.append(message_from_bytes(content, policy=policy.default))
            self.was_private.append(session.ssl is not None)
        return self.to_data or _hang_up(server)

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        """Answer to a farewell."""
        return self.to_quit or _hang_up(server)

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object
    ) -> AuthResult:
        """Let in those whose password is right."""
        assert isinstance(data, LoginPassword)
        return AuthResult(success=self.passwords.get(data.login.decode()) == data.password.decode(), handled=False)

    def transport(self, username: str | None = None, password: str | None = None) -> SmtpTransport:
        """Return the product's way to this server."""
        return SmtpTransport("127.0.0.1", self.port, SENDER, username, password)


class _Listening(SMTP):
    """Takes the options of a server that tells of failures, which aiosmtpd does not know."""

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        await super().smtp_MAIL(self._take_options(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        await super().smtp_RCPT(self._take_options(arg))

    def _take_options(self, arg: str | None) -> str | None:
        if arg is None or not self.event_handler.tells_of_failures:
            return arg
        asked = [word for word in arg.split() if word.startswith(("RET=", "ENVID=", "NOTIFY="))]
        self.event_handler.asked.extend(asked)
        return " ".join(word for word in arg.split() if word not in asked)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Listening(self.handler, **self.SMTP_kwargs)


def _hang_up(server: SMTP) -> str:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()
    return "421 gone"


@contextmanager
def running(server: MailServer, tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """Let a mail server listen on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.port = free.getsockname()[1]
    controller = _Controller(
        server,
        "127.0.0.1",
        server.port,
        ready_timeout=60,  # Five seconds otherwise: too few for a machine that does much else.
        tls_context=tls,
        authenticator=server.authenticate,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server without encryption."""
    with running(MailServer()) as server:
        yield server


def make_certificate(folder: Path) -> ssl.SSLContext:
    """Write a certificate of 127.0.0.1 to `folder`, as both of its files, and return what a server shows it with."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.alvhaga.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
