"""Adding children, so that a number leads to one child only."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.identity_number import IdentityKind
from app.pupils import queries
from app.pupils.models import Child
from app.pupils.types import ChildIdentity


def find_or_add_child(session: Session, municipality_id: UUID, identity: ChildIdentity) -> Child:
    """Return the child with this personnummer or samordningsnummer, added when it is new.

    A temporary number or none always adds a child: what only looks the same is never merged. Two requests with one
    number get one child, whichever comes first.
    """
    if not identity.is_proof or identity.number is None:
        child = _child(municipality_id, identity)
        session.add(child)
        session.flush()
        return child
    found = queries.find_child(session, municipality_id, identity.number)
    return found or _add_or_find(session, municipality_id, identity, identity.number)


def revise_child(session: Session, child: Child, identity: ChildIdentity) -> bool:
    """Let what a school now says about its own pupil replace what it said before; return whether anything changed.

    Only for a child without proof of who it is, and never to a number that another child has: the caller settles that.
    """
    before = (child.identity_kind, child.identity_number, child.name, child.birth_date, child.home_municipality_code)
    _describe(child, identity)
    session.flush()
    return before != (identity.kind, identity.number, identity.name, identity.birth_date, child.home_municipality_code)


def withhold_identity(session: Session, child: Child) -> None:
    """Forget who a child is: protected personal data have no place here, and no index leads to them."""
    _describe(child, ChildIdentity(IdentityKind.NONE, None, ""))
    child.home_municipality_code = None
    session.flush()


def _add_or_find(session: Session, municipality_id: UUID, identity: ChildIdentity, number: str) -> Child:
    child = _child(municipality_id, identity)
    try:
        with session.begin_nested():
            session.add(child)
            session.flush()
    except IntegrityError:
        # Someone else added the number after we looked: theirs is the child.
        if (found := queries.find_child(session, municipality_id, number)) is None:
            raise
        return found
    return child


def _child(municipality_id: UUID, identity: ChildIdentity) -> Child:
    child = Child(municipality_id=municipality_id)
    _describe(child, identity)
    return child


def _describe(child: Child, identity: ChildIdentity) -> None:
    child.identity_kind, child.identity_number = identity.kind, identity.number
    child.name, child.birth_date = identity.name, identity.birth_date
    child.home_municipality_code = identity.home_municipality_code or child.home_municipality_code
    index = queries.number_index(child.municipality_id, identity.number) if identity.number else None
    child.number_index = index if identity.is_proof else None
    child.temporary_index = index if identity.kind is IdentityKind.TEMPORARY else None
    child.loose_index = queries.loose_index(child.municipality_id, identity)
