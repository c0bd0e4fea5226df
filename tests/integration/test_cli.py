"""The commands about the audit, the clock and the database: what they say, and how they end."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text, update

from app import create_app
from app.access.actor import Role
from app.audit import service as audit
from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel import encryption
from app.kernel.database import Database, Installation
from app.kernel.email import Email, MaildirTransport
from app.kernel.encryption import RING_FILE
from app.outbox import service as outbox
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from config import ROOT, Config
from tests.factories.accounts import make_actor
from tests.factories.schools import make_municipality
from tests.machine.bounce import bounce

Run = Callable[..., Result]


def invoke(app: Flask, *words: str) -> Result:
    """Run a command within the application, as `flask` does."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a command as an operator types it."""
    return lambda *words: invoke(app, *words)


@pytest.fixture
def recorded(database: Database) -> Database:
    """A database where three things were done."""
    with database.transaction() as session:
        actor = make_actor(session, make_municipality(session), Role.COORDINATOR)
        for _ in range(3):
            audit.record(session, actor, AuditAction.CASE_READ, uuid4())
    return database


class TestVerifyAudit:
    def test_a_whole_chain_ends_well(self, recorded: Database, run: Run) -> None:
        result = run("audit", "verify")
        assert (result.exit_code, "The audit holds: 3 rows." in result.output) == (0, True)
        assert "3 rows, head " in result.output

    def test_an_empty_one_too(self, run: Run) -> None:
        assert run("audit", "verify").exit_code == 0

    def test_one_byte_of_one_row_does_not(self, recorded: Database, run: Run, kind: str) -> None:
        with recorded.transaction() as session:
            session.execute(
                text("DROP TRIGGER audit_row_no_update")
                if kind == "sqlite"
                else text("ALTER TABLE audit_row DISABLE TRIGGER USER")
            )
            row = session.scalars(select(AuditRow).where(AuditRow.sequence == 2)).one()
            altered = f"{row.object_id}"[:-1] + ("0" if row.object_id[-1] != "0" else "1")  # type: ignore[index]
            session.execute(update(AuditRow).where(AuditRow.sequence == 2).values(object_id=altered))
        result = run("audit", "verify")
        assert result.exit_code == 1
        assert "row 2: does not match its hash" in result.output
        assert "the audit does not hold: 1 breaks in 3 rows" in result.output
        assert "Traceback" not in result.output


class TestTick:
    def test_the_clock_moves_forward_and_that_is_recorded(self, recorded: Database, run: Run) -> None:
        result = run("tick", "--at", "2031-08-19T08:00")
        assert result.exit_code == 0, result.output
        assert "The clock shows 2031-08-19 08:00" in result.output
        with recorded.reading() as session:
            last = session.scalars(select(AuditRow).order_by(AuditRow.sequence.desc())).first()
            assert last is not None
            assert last.action == "clock:moved"
            assert session.scalar(select(Installation.clock_offset)) > 0  # type: ignore[operator]
        assert run("audit", "verify").exit_code == 0

    @pytest.mark.parametrize("at", ["2001-01-01T00:00", "9999-12-31T23:59", "i morgon", "2031-02-30T08:00"])
    def test_a_moment_that_cannot_be_is_refused_in_plain_words(self, recorded: Database, run: Run, at: str) -> None:
        result = run("tick", "--at", at)
        assert result.exit_code != 0
        assert "Error: " in result.output
        assert "Traceback" not in result.output
        with recorded.reading() as session:
            assert session.scalar(select(Installation.clock_offset)) == 0

    def test_the_clock_of_a_real_installation_stays(self, recorded: Database, run: Run) -> None:
        with recorded.transaction() as session:
            session.execute(update(Installation).values(is_rehearsal=False))
        result = run("tick", "--at", "2031-08-19T08:00")
        assert (result.exit_code, "is not a rehearsal" in result.output) == (1, True)


class TestBounces:
    @pytest.fixture
    def sent(self, database: Database, tmp_path: Path) -> EmailMessage:
        """A mail that has gone."""
        with database.transaction() as session:
            municipality_id = make_municipality(session).id
            outbox.enqueue(session, municipality_id=municipality_id, kind="test.mail", dedupe_key="mail:1", payload={})
        transport = MaildirTransport(tmp_path / "sent", "aterkomst@alvhaga.example")
        mail = Email("per@alvhaga.example", "Svara", "Hej!\n")
        outbox.deliver_due(database, transport, {"test.mail": lambda *_: mail}, "")
        (file,) = (tmp_path / "sent" / "new").iterdir()
        return message_from_bytes(file.read_bytes(), policy=policy.default)

    def test_a_mail_that_came_back_is_marked_once_and_recorded(
        self, database: Database, run: Run, sent: EmailMessage, tmp_path: Path
    ) -> None:
        returned = Maildir(tmp_path / "returned")
        returned.add(bounce(sent))
        returned.add(b"Subject: Jag har semester\n\nHej!\n")
        for new in (1, 0):
            result = run("bounces", str(tmp_path / "returned"))
            assert (result.exit_code, result.output) == (
                0,
                f"Mails that did not arrive, new: {new}. Files that are no delivery report: 1.\n",
            )
        with database.reading() as session:
            assert session.scalars(select(OutboxMessage.state)).all() == [MessageState.DEAD]
            (row,) = session.scalars(select(AuditRow).where(AuditRow.action == AuditAction.MAIL_BOUNCED))
            assert "per@" not in row.details

    def test_a_mail_server_can_hand_it_over_itself(self, app: Flask, sent: EmailMessage) -> None:
        with app.app_context():
            result = app.test_cli_runner().invoke(args=["bounces", "-"], input=bounce(sent))
        assert (result.exit_code, "new: 1." in result.output) == (0, True)

    def test_one_bad_file_does_not_stop_the_next(
        self, run: Run, sent: EmailMessage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Maildir(tmp_path / "returned").add(bounce(sent))
        returned = tmp_path / "returned" / "new"
        (returned / ".folder").mkdir()
        (returned / "0 gone").symlink_to("nowhere")
        (returned / "1 shut").touch()
        opened = Path.open

        def open_or_refuse(file: Path, *how: Any, **named: Any) -> Any:
            return opened(tmp_path if file.name == "1 shut" else file, *how, **named)

        monkeypatch.setattr(Path, "open", open_or_refuse)
        result = run("bounces", str(tmp_path / "returned"))
        assert "new: 1. Files that are no delivery report: 0." in result.output
        assert (result.exit_code, "1 files could not be opened" in result.output) == (1, True)

    def test_a_report_of_somebody_elses_mail_is_told_without_an_address(
        self, run: Run, sent: EmailMessage, tmp_path: Path
    ) -> None:
        sent.replace_header("Message-ID", "<1@elsewhere.example>")
        (tmp_path / "report").write_bytes(bounce(sent))
        result = run("bounces", str(tmp_path / "report"))
        assert (result.exit_code, "1 delivery reports are about no mail" in result.output) == (1, True)
        assert "@" not in result.output


class TestUnready:
    @pytest.fixture
    def own(self, tmp_path: Path) -> Config:
        """An installation of which there is nothing."""
        return Config(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'aterkomst.sqlite3'}")

    @pytest.mark.usefixtures("keep_keys")
    def test_an_empty_database_serves_a_page_that_says_so(self, own: Config) -> None:
        app = create_app(own)
        answer = app.test_client().get("/logga-in")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert "Återkomst går inte att nå just nu" in answer.text
        assert not own.keys.exists()
        app.extensions["database"].dispose()

    @pytest.mark.usefixtures("keep_keys")
    def test_migrate_makes_tables_and_keys_once(self, own: Config) -> None:
        for _ in range(2):
            app = create_app(own)
            result = invoke(app, "migrate")
            assert (result.exit_code, result.output) == (0, "The database is up to date.\n")
            app.extensions["database"].dispose()
        assert (own.keys / RING_FILE).stat().st_mode & 0o777 == 0o600

    @pytest.mark.usefixtures("keep_keys")
    @pytest.mark.parametrize("words", [["audit", "verify"], ["tick"]])
    def test_other_commands_say_what_to_do(self, own: Config, words: list[str]) -> None:
        app = create_app(own)
        result = invoke(app, *words)
        assert (result.exit_code, "run flask --app wsgi migrate" in result.output) == (1, True)
        app.extensions["database"].dispose()


def test_a_database_that_cannot_be_reached_is_said_to_be_in_a_line() -> None:
    environment = os.environ | {"DATABASE_URL": "postgresql:///x?host=/nowhere/at/all"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the database cannot be reached: ")
    assert "Traceback" not in done.stderr


@pytest.fixture
def keep_keys() -> Iterator[None]:
    """Give the other tests their keys back."""
    before = encryption.key_ring()
    yield
    encryption.use_key_ring(before)
