"""What the outbox's tests need besides a database."""

from tests.machine.mail_server import mail_server

__all__ = ["mail_server"]
