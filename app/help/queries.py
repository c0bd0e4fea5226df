"""The numbers that may be shown to whoever asks."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.schools import queries as schools
from app.schools.models import EmergencyNumber


def list_numbers(session: Session, actor: Actor | None) -> Sequence[EmergencyNumber]:
    """Return the numbers of the actor's municipality.

    For somebody who has not signed in they are those of the only municipality there is; where there are several, nobody
    knows whose the visitor is, and the numbers are those that all of them have, such as 112 and the national support.
    """
    if actor is not None:
        return schools.list_emergency_numbers(session, actor.municipality_id)
    of_each = [schools.list_emergency_numbers(session, each.id) for each in schools.list_municipalities(session)]
    if not of_each:
        return ()
    known_to_all = set.intersection(*({row.number for row in rows} for rows in of_each))
    return [row for row in of_each[0] if row.number in known_to_all]
