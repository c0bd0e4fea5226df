"""Class lists, staged as a school or the municipality hands them over."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.rosters import service
from app.rosters.models import Roster, RosterClass
from app.rosters.queries import list_rosters_of_upload
from app.rosters.types import RosterPupil, RosterSource
from app.surveys.models import Invitation, SurveyRound
from tests.factories.pupils import make_number

NAMES = ("Agnes Alm", "Bo Björk", "Cilla Ceder", "David Dill", "Elin Ek", "Filip Fur", "Greta Gran", "Hugo Hassel")


def pupils_of(school_class: str, names: Sequence[str] = NAMES) -> list[RosterPupil]:
    """Return a class of pupils with numbers."""
    return [
        RosterPupil(
            name,
            number=(number := make_number()),
            birth_date=_day(number),
            grade=school_class[:1],
            school_class=school_class,
        )
        for name in names
    ]


def stage_classes(
    session: Session,
    invitation: Invitation,
    classes: Mapping[str, Sequence[str]] | None = None,
    *,
    protected: int = 0,
) -> list[RosterClass]:
    """Stage and confirm a class list for an invitation; return its classes in order."""
    actor = Actor.system(invitation.municipality_id)
    pupils = [pupil for name, names in (classes or {"5 B": NAMES}).items() for pupil in pupils_of(name, names)]
    unit_id = invitation.school_unit_id
    upload_id = service.stage(
        session, actor, invitation.round, RosterSource.CSV, {unit_id: pupils}, protected={unit_id: protected}
    )
    service.confirm_upload(session, actor, upload_id)
    return list_classes(session, invitation)


def list_classes(session: Session, invitation: Invitation) -> list[RosterClass]:
    """Return the classes staged for an invitation."""
    statement = (
        select(RosterClass)
        .join(RosterClass.roster)
        .where(Roster.round_id == invitation.round_id, Roster.school_unit_id == invitation.school_unit_id)
        .order_by(RosterClass.position)
        .options(joinedload(RosterClass.roster))
    )
    return list(session.scalars(statement))


def _day(number: str) -> str:
    return f"{number[:4]}-{number[4:6]}-{number[6:8]}"


def make_pupils(count: int, school_class: str = "5 B") -> list[RosterPupil]:
    """Return so many pupils of one class."""
    return pupils_of(school_class, [f"{NAMES[at % len(NAMES)]} {at}" for at in range(count)])


def make_upload(
    session: Session,
    actor: Actor,
    survey_round: SurveyRound,
    pupils: Mapping[UUID, Sequence[RosterPupil]],
    **values: Any,
) -> UUID:
    """Hand over class lists that wait to be confirmed; `protected` is by unit."""
    protected = values.pop("protected", {})
    return service.stage(session, actor, survey_round, RosterSource.CSV, pupils, protected=protected, **values)


def make_roster(
    session: Session, actor: Actor, invitation: Invitation, pupils: Sequence[RosterPupil] = (), *, protected: int = 0
) -> Roster:
    """Stage a unit's own list: three pupils in 5 B and two in 6 A unless others are given."""
    unit_id = invitation.school_unit_id
    lists = {unit_id: pupils or [*make_pupils(3), *make_pupils(2, "6 A")]}
    upload_id = make_upload(
        session, actor, invitation.round, lists, protected={unit_id: protected}, school_unit_id=unit_id
    )
    service.confirm_upload(session, actor, upload_id)
    return list_rosters_of_upload(session, upload_id)[0]
