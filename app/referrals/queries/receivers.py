"""Finding boards in the receivers' register."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.kernel.swedish import swedish_key
from app.referrals.models import Receiver


def get_receiver(session: Session, receiver_id: UUID, *, visible_to: Actor) -> Receiver:
    """Return a board of the actor's own register. Raises `NotFound`."""
    receiver = session.scalar(
        select(Receiver).where(Receiver.id == receiver_id, Receiver.municipality_id == visible_to.municipality_id)
    )
    if receiver is None:
        raise NotFound("receiver")
    return receiver


def list_receivers(session: Session, *, visible_to: Actor, active_only: bool = False) -> Sequence[Receiver]:
    """Return the boards of the actor's register in Swedish order of municipality and board."""
    statement = select(Receiver).where(Receiver.municipality_id == visible_to.municipality_id)
    if active_only:
        statement = statement.where(Receiver.is_active.is_(True))
    rows = session.scalars(statement).all()
    return sorted(rows, key=lambda row: (swedish_key(row.municipality_name), swedish_key(row.board_name), row.id))


def find_default_receiver(session: Session, municipality_code: str | None, *, visible_to: Actor) -> Receiver | None:
    """Return the one board of a municipality, or None when it has none in the register, or several to choose among."""
    rows = session.scalars(
        select(Receiver)
        .where(
            Receiver.municipality_id == visible_to.municipality_id,
            Receiver.municipality_code == municipality_code,
            Receiver.is_active.is_(True),
        )
        .order_by(Receiver.board_name, Receiver.id)
        .limit(2)
    ).all()
    return rows[0] if len(rows) == 1 else None


def exists_receiver(
    session: Session, municipality_code: str, board_name: str, *, visible_to: Actor, other_than: UUID | None = None
) -> bool:
    """Tell whether the register has the board already, apart from the row that is being edited."""
    found = session.scalar(
        select(Receiver.id).where(
            Receiver.municipality_id == visible_to.municipality_id,
            Receiver.municipality_code == municipality_code,
            Receiver.board_name == board_name,
        )
    )
    return found is not None and found != other_than
