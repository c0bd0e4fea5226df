"""The receivers' register: boards at function addresses, kept by the administrator."""

import re
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.csv_files import Column, Problems, read_table, require_unique
from app.kernel.database import require_version
from app.kernel.errors import Conflict, Refused
from app.referrals import queries
from app.referrals.models import Receiver
from app.referrals.types import EditReceiver

FILE: Final = "receivers.csv"
CODE: Final = re.compile(r"[0-9]{4}")
COLUMNS: Final = (
    Column("municipality_code", ("kommunkod",), max_length=4),
    Column("municipality_name", ("kommun",)),
    Column("board_name", ("namnd",)),
    Column("email", ("epost",), is_required=False),
    Column("phone", ("telefon",), is_required=False, max_length=40),
    Column("address", ("adress",), is_required=False, max_length=200),
)
FIELDS: Final = ("municipality_code", "municipality_name", "board_name", "email", "phone", "address", "is_active")


def add_receiver(session: Session, actor: Actor, command: EditReceiver) -> Receiver:
    """Add a board. Raises `Refused("receiver_exists")` when the register has it."""
    _require_new(session, actor, command, None)
    receiver = Receiver(municipality_id=actor.municipality_id, **{name: getattr(command, name) for name in FIELDS})
    session.add(receiver)
    session.flush()
    audit.record(session, actor, AuditAction.RECEIVER_CHANGED, receiver.id, fields=list(FIELDS))
    return receiver


def edit_receiver(session: Session, actor: Actor, receiver: Receiver, command: EditReceiver) -> None:
    """Change how a board is reached, for reports to come. Raises `Conflict` or `Refused("receiver_exists")`."""
    if command.version is None:
        raise Conflict("Receiver")
    require_version(receiver, command.version)
    _require_new(session, actor, command, receiver)
    changed = [name for name in FIELDS if getattr(receiver, name) != getattr(command, name)]
    for name in changed:
        setattr(receiver, name, getattr(command, name))
    session.flush()
    if changed:
        audit.record(session, actor, AuditAction.RECEIVER_CHANGED, receiver.id, fields=changed)


def import_receivers(session: Session, actor: Actor, folder: Path) -> list[Receiver]:
    """Fill the register from `receivers.csv`: kommunkod, kommun, namnd, and as known e-post, telefon, adress.

    All or nothing. Raises `FilesRefused` with everything that is wrong.
    """
    problems = Problems()
    rows = read_table(folder, FILE, COLUMNS, problems)
    require_unique(rows, "municipality_code", "board_name")
    commands = [
        EditReceiver(
            municipality_code=row.matching("municipality_code", CODE, "not_a_municipality_code"),
            municipality_name=row.text("municipality_name"),
            board_name=row.text("board_name"),
            email=row.email("email"),
            phone=row.phone("phone"),
            address=row.text("address"),
            is_active=True,
        )
        for row in rows
    ]
    problems.raise_if_any()
    return [add_receiver(session, actor, command) for command in commands]


def _require_new(session: Session, actor: Actor, command: EditReceiver, own: Receiver | None) -> None:
    if queries.exists_receiver(
        session,
        command.municipality_code,
        command.board_name,
        visible_to=actor,
        other_than=own.id if own else None,
    ):
        raise Refused("receiver_exists")
