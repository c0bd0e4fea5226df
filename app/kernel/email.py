"""A mail as a value, and the ways it can leave: SMTP, a maildir (rehearsal), or a list (tests)."""

import mailbox
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from app.kernel import clock

TIMEOUT = 20
"""Seconds a mail server may be silent before the attempt counts as failed; the outbox then tries again."""


@dataclass(frozen=True, slots=True)
class Email:
    """A neutral notice. It never carries personal data: mail is an open channel (JO 6466-2015)."""

    to: str = field(repr=False)
    subject: str
    body: str = field(repr=False)


class Transport(Protocol):
    """Delivers one mail or raises; `message_id` is the same at every attempt so that receivers can discard doubles."""

    def send(self, email: Email, message_id: str) -> None:
        """Hand the mail over, or raise `OSError` or `smtplib.SMTPException`."""


class SmtpTransport:
    """Delivers through the municipality's mail server (RFC 5321), with STARTTLS (RFC 3207) when it is offered."""

    def __init__(self, host: str, port: int, sender: str, username: str | None = None, password: str | None = None):
        self._host, self._port, self._sender = host, port, sender
        self._username, self._password = username, password

    def send(self, email: Email, message_id: str) -> None:
        """Deliver, or raise; a connection a mail keeps the failure of one from being the failure of all."""
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            self._greet(server)
            of_mail, of_recipient = _ask_to_tell(server, message_id)
            message = compose(email, self._sender, message_id)
            server.send_message(message, mail_options=of_mail, rcpt_options=of_recipient)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # The mail is the server's now: whatever it says, sending it again would be wrong.
        finally:
            server.close()

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        is_private = server.has_extn("starttls")
        if is_private:
            server.starttls(context=ssl.create_default_context())
        if self._username and self._password:
            if not is_private:
                raise smtplib.SMTPNotSupportedError("no STARTTLS: a password is not sent for all to read")
            server.login(self._username, self._password)


def _ask_to_tell(server: smtplib.SMTP, message_id: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the options by which a server that can (RFC 3461) tells of a mail that does not arrive, and names it; it
    then sends back the headers and not the text."""
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("dsn"):
        return (), ()
    return ("RET=HDRS", f"ENVID={message_id.strip('<>')}"), ("NOTIFY=FAILURE",)


class MaildirTransport:
    """Puts every mail in a folder: a rehearsal must never reach a real person, whatever SMTP is configured."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder, self._sender = folder, sender

    def send(self, email: Email, message_id: str) -> None:
        """Store the mail as a file in the maildir, which is made when it is not there."""
        for part in ("tmp", "new", "cur"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(self._folder, create=False).add(compose(email, self._sender, message_id))


@dataclass
class MemoryTransport:
    """Keeps what was sent, for tests."""

    sent: list[tuple[Email, str]] = field(default_factory=list)

    def send(self, email: Email, message_id: str) -> None:
        """Remember the mail."""
        self.sent.append((email, message_id))


def compose(email: Email, sender: str, message_id: str) -> EmailMessage:
    """Return the message as it goes on the wire (RFC 5322), marked as automatic so that nobody's autoreply answers."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, email.to, email.subject
    message["Message-ID"], message["Date"] = message_id, format_datetime(clock.now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.body)
    return message
