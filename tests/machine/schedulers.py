"""Scheduler processes that are killed: each ticks when told to, until it has asked its database for so much."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event

from app.kernel.database import Database
from app.kernel.email import Email
from app.kernel.encryption import read_key_ring, use_key_ring
from app.outbox.service import deliver_due
from app.surveys import jobs, mails

_ROOT: Final = Path(__file__).resolve().parents[2]
NEVER: Final = 1 << 30
WRITE: Final = 25
"""How many looks a write of rounds, steps and their mails weighs: it is at those that a death could do harm."""


@cache
def _context() -> ForkServerContext:
    """Return what starts processes: from one that has imported everything, or each would take seconds to begin."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(_ROOT)  # The server does not know our path otherwise, and then imports nothing.
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    return context


class FileTransport:
    """Notes which mail was handed over, a line each, so that it is known whoever died afterwards."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def send(self, email: Email, message_id: str) -> None:
        """Write the line, all of it or nothing."""
        file = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{message_id} {email.to}\n".encode())
        os.close(file)


class Scheduler:
    """A process that ticks."""

    def __init__(self, url: str, keys: Path, mail: Path, dies_at: int) -> None:
        self._pipe, theirs = _context().Pipe()
        self._process = _context().Process(target=_live, args=(url, keys, mail, dies_at, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def tick(self) -> None:
        """Tell it to do what is due."""
        with suppress(BrokenPipeError):  # It has died, which `has_ticked` will tell.
            self._pipe.send("tick")

    def has_ticked(self) -> bool:
        """Wait until it has done everything, or tell that it died."""
        try:
            self._pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            return False
        return True

    def stop(self) -> None:
        """Let it end."""
        self._pipe.close()
        self._process.join()


def _live(url: str, keys: Path, mail: Path, dies_at: int, pipe: Connection) -> None:
    database = Database(url)
    ring = read_key_ring(keys)
    assert ring is not None
    use_key_ring(ring)
    if database.is_sqlite:
        event.listen(database.engine, "connect", _do_not_wait_for_the_disk)
    kill = _killer(dies_at)
    event.listen(database.engine, "before_cursor_execute", kill)
    event.listen(database.engine, "commit", kill)
    transport = FileTransport(mail)
    while True:
        try:
            pipe.recv()
        except EOFError:
            return
        for job in jobs.JOBS:
            job.run(database)
        while deliver_due(database, transport, mails.COMPOSERS, "https://aterkomst.example"):
            pass
        pipe.send("done")


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    """Killing a process loses nothing that the operating system has; only a power cut would."""
    connection.execute("PRAGMA synchronous=OFF")


def _killer(dies_at: int) -> Callable[..., None]:
    """Return a listener that kills its own process, as `kill -9` does, when so much has been asked."""
    left = dies_at

    def kill(*event: Any) -> None:
        nonlocal left
        statement = event[2] if len(event) > 1 else "COMMIT"
        is_write = statement.startswith(("INSERT", "UPDATE")) and not statement.startswith("UPDATE outbox_message")
        left -= WRITE if is_write else 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill
