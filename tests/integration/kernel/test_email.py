"""Mail that leaves: over real SMTP, into a maildir, or not at all."""

import mailbox
import smtplib
import socket
import ssl
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from app.kernel.email import Email, MaildirTransport, MemoryTransport, SmtpTransport, compose
from tests.machine.mail_server import SENDER, MailServer, make_certificate, running

MAIL = Email(
    to="per@alvhaga.example", subject="Kartläggningen har öppnat", body="Hej!\n\nSvara här: https://x.example\n"
)
MESSAGE_ID = "<1@aterkomst.invalid>"


class TestCompose:
    def test_it_is_a_plain_automatic_mail(self) -> None:
        message = compose(MAIL, SENDER, MESSAGE_ID)
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Message-ID"] == MESSAGE_ID
        assert (message["From"], message["To"], message["Subject"]) == (SENDER, MAIL.to, MAIL.subject)
        assert message.get_content() == MAIL.body
        assert message["Date"]

    @pytest.mark.parametrize("field", ["to", "subject"])
    def test_a_line_end_makes_no_header_of_its_own(self, field: str) -> None:
        values = {"to": MAIL.to, "subject": MAIL.subject, "body": MAIL.body, field: "x\nBcc: all@alvhaga.example"}
        with pytest.raises(ValueError, match="linefeed"):
            compose(Email(**values), SENDER, MESSAGE_ID)

    def test_a_mail_shows_neither_address_nor_body(self) -> None:
        assert MAIL.to not in repr(MAIL)
        assert "https" not in repr(MAIL)


class TestSmtp:
    def test_a_mail_arrives_as_it_was_written(self, mail_server: MailServer) -> None:
        mail_server.transport().send(MAIL, MESSAGE_ID)
        (got,) = mail_server.got
        assert (got["Subject"], got["To"], got["Message-ID"]) == (MAIL.subject, MAIL.to, MESSAGE_ID)
        assert got.get_content().replace("\r\n", "\n") == MAIL.body

    @pytest.mark.parametrize("answer", ["451 4.3.0 try later", "554 5.7.1 not wanted", "421 4.3.2 closing"])
    def test_a_refusal_keeps_its_code(self, mail_server: MailServer, answer: str) -> None:
        mail_server.to_data = answer
        with pytest.raises(smtplib.SMTPDataError) as refused:
            mail_server.transport().send(MAIL, MESSAGE_ID)
        assert refused.value.smtp_code == int(answer[:3])

    def test_what_the_farewell_says_does_not_hide_a_refusal(self, mail_server: MailServer) -> None:
        mail_server.to_data, mail_server.to_quit = "554 not wanted", "421 tired"
        with pytest.raises(smtplib.SMTPDataError):
            mail_server.transport().send(MAIL, MESSAGE_ID)

    @pytest.mark.parametrize("farewell", ["421 tired", "500 what", None])
    def test_a_mail_that_was_accepted_is_sent_whatever_the_farewell(
        self, mail_server: MailServer, farewell: str | None
    ) -> None:
        mail_server.to_quit = farewell
        mail_server.transport().send(MAIL, MESSAGE_ID)
        assert len(mail_server.got) == 1

    def test_a_server_that_can_is_asked_to_tell_when_a_mail_does_not_arrive(self, mail_server: MailServer) -> None:
        mail_server.tells_of_failures = True
        mail_server.transport().send(MAIL, MESSAGE_ID)
        assert mail_server.asked == ["RET=HDRS", "ENVID=1@aterkomst.invalid", "NOTIFY=FAILURE"]
        assert len(mail_server.got) == 1

    def test_an_unknown_recipient_is_named_by_code(self, mail_server: MailServer) -> None:
        mail_server.to_recipient = lambda _address: "550 5.1.1 no such person"
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            mail_server.transport().send(MAIL, MESSAGE_ID)
        assert [code for code, _text in refused.value.recipients.values()] == [550]

    def test_a_server_that_hangs_up_is_a_failure(self, mail_server: MailServer) -> None:
        mail_server.to_data = None
        with pytest.raises(smtplib.SMTPServerDisconnected):
            mail_server.transport().send(MAIL, MESSAGE_ID)

    def test_a_server_that_is_not_there_is_a_failure(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]  # Nobody listens at it, and nobody else can while it is held.
            with pytest.raises(ConnectionRefusedError):
                SmtpTransport("127.0.0.1", port, SENDER).send(MAIL, MESSAGE_ID)

    def test_a_server_that_says_nothing_is_a_failure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.kernel.email.TIMEOUT", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(OSError, match="timed out"):
            SmtpTransport("127.0.0.1", silent.getsockname()[1], SENDER).send(MAIL, MESSAGE_ID)


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody trusts yet."""
    return make_certificate(tmp_path)


@pytest.fixture
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let this machine trust the certificate."""
    return lambda: monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))


class TestPrivacy:
    def test_a_server_that_offers_it_is_spoken_to_in_private(
        self, certificate: ssl.SSLContext, trust: Callable[[], None]
    ) -> None:
        trust()
        with running(MailServer(), certificate) as server:
            server.transport().send(MAIL, MESSAGE_ID)
        assert server.was_private == [True]

    def test_a_server_that_may_be_another_gets_nothing(self, certificate: ssl.SSLContext) -> None:
        with running(MailServer(), certificate) as server, pytest.raises(ssl.SSLCertVerificationError):
            server.transport().send(MAIL, MESSAGE_ID)
        assert server.got == []

    def test_a_password_is_given_in_private(self, certificate: ssl.SSLContext, trust: Callable[[], None]) -> None:
        trust()
        with running(MailServer(passwords={"aterkomst": "hemligt"}), certificate) as server:
            server.transport("aterkomst", "hemligt").send(MAIL, MESSAGE_ID)
        assert server.was_private == [True]

    def test_a_wrong_password_is_a_failure(self, certificate: ssl.SSLContext, trust: Callable[[], None]) -> None:
        trust()
        with running(MailServer(), certificate) as server, pytest.raises(smtplib.SMTPAuthenticationError):
            server.transport("aterkomst", "fel").send(MAIL, MESSAGE_ID)
        assert server.got == []

    def test_a_password_is_not_said_aloud(self, mail_server: MailServer) -> None:
        mail_server.passwords["aterkomst"] = "hemligt"
        with pytest.raises(smtplib.SMTPNotSupportedError):
            mail_server.transport("aterkomst", "hemligt").send(MAIL, MESSAGE_ID)
        assert mail_server.got == []


class TestMaildir:
    def test_every_mail_is_a_file(self, tmp_path: Path) -> None:
        transport = MaildirTransport(tmp_path / "instance" / "maildir", SENDER)
        for number in range(3):
            transport.send(MAIL, f"<{number}@aterkomst.invalid>")
        kept = list(mailbox.Maildir(tmp_path / "instance" / "maildir", create=False))
        assert {message["Message-ID"] for message in kept} == {f"<{number}@aterkomst.invalid>" for number in range(3)}

    def test_it_reads_as_it_was_written(self, tmp_path: Path) -> None:
        MaildirTransport(tmp_path, SENDER).send(MAIL, MESSAGE_ID)
        (file,) = (tmp_path / "new").iterdir()
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
        assert (message["Subject"], message.get_content()) == (MAIL.subject, MAIL.body)


def test_memory_remembers() -> None:
    memory = MemoryTransport()
    memory.send(MAIL, MESSAGE_ID)
    assert memory.sent == [(MAIL, MESSAGE_ID)]
