"""Looking children up without reading them all."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.kernel.encryption import blind_index
from app.kernel.identity_number import IdentityKind
from app.pupils.models import Child
from app.pupils.types import ChildIdentity, comparable_name


def number_index(municipality_id: UUID, number: str) -> bytes:
    """Return what an exact look-up of a number in twelve positions compares."""
    return blind_index(municipality_id, "child-number", number)


def loose_index(municipality_id: UUID, identity: ChildIdentity) -> bytes | None:
    """Return what children of the same name and birth date have in common, None while the birth date is unknown."""
    name = comparable_name(identity.name)
    if identity.birth_date is None or not name:
        return None
    return blind_index(municipality_id, "child-name-and-birth-date", f"{name}|{identity.birth_date.isoformat()}")


def find_child(session: Session, municipality_id: UUID, number: str) -> Child | None:
    """Return the child with a personnummer or samordningsnummer in twelve positions."""
    return session.scalar(
        select(Child).where(
            Child.municipality_id == municipality_id, Child.number_index == number_index(municipality_id, number)
        )
    )


def list_lookalikes(session: Session, child: Child) -> Sequence[Child]:
    """Return other children that may be the same: equal TF number, or equal name and birth date.

    Two children who each have a number of their own are two, whatever they are called.
    """
    same = [
        getattr(Child, column) == value
        for column in ("temporary_index", "loose_index")
        if (value := getattr(child, column)) is not None
    ]
    if not same:
        return ()
    statement = select(Child).where(
        and_(Child.municipality_id == child.municipality_id, Child.id != child.id, or_(*same))
    )
    if child.has_proof:
        statement = statement.where(Child.identity_kind.in_([IdentityKind.TEMPORARY, IdentityKind.NONE]))
    return session.scalars(statement.order_by(Child.id)).all()
