"""Who and what the scenes are about: accounts by address, invitations by unit, cases by the story's own names."""

import json
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.accounts.models import Account
from app.accounts.queries import email_index
from app.cases import queries as cases
from app.cases.models import Case
from app.kernel import clock
from app.kernel.errors import NotFound
from app.rehearsal.models import StoryPupil
from app.rehearsal.types import STORY
from app.responses.models import MissingPupil
from app.responses.queries import find_latest_pupil
from app.responses.types import PupilAnswers
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyPlan, SurveyRound
from app.surveys.queries import get_invitation


def find_account(session: Session, email: str) -> Account:
    """Return an account by its address. Raises `NoResultFound`."""
    return session.scalars(
        select(Account).where(Account.email_index == email_index(email)).options(selectinload(Account.memberships))
    ).one()


def act_as(session: Session, email: str) -> Actor:
    """Return who an account is today."""
    return find_account(session, email).as_actor(clock.today())


def find_invitation(session: Session, actor: Actor, plan_kind: str, school_unit_code: str, wave: int = 0) -> Invitation:
    """Return a unit's invitation in the latest round of a kind and wave.

    Raises `NotFound` when it has none for the actor.
    """
    invitation_id = session.scalar(
        select(Invitation.id)
        .join(SurveyRound, SurveyRound.id == Invitation.round_id)
        .join(SurveyPlan, SurveyPlan.id == SurveyRound.plan_id)
        .join(SchoolUnit, SchoolUnit.id == Invitation.school_unit_id)
        .where(SurveyPlan.kind == plan_kind, SurveyRound.wave == wave)
        .where(SchoolUnit.school_unit_code == school_unit_code)
        .order_by(Invitation.opens_at.desc())
        .limit(1)
    )
    if invitation_id is None:
        raise NotFound("invitation")
    return get_invitation(session, invitation_id, visible_to=actor)


@cache
def _told() -> dict[str, Any]:
    pupils: dict[str, Any] = json.loads((STORY / "pupils.json").read_text(encoding="utf-8"))
    return pupils


def answers_about(key: str) -> PupilAnswers:
    """Return what the school says about a pupil of the story."""
    return PupilAnswers.from_dict(_told()[key])


def remember(session: Session, key: str, pupil: MissingPupil) -> None:
    """Keep which row of the school a pupil of the story became."""
    session.add(StoryPupil(municipality_id=pupil.municipality_id, key=key, entry_id=pupil.entry_id))


def find_entry(session: Session, key: str) -> UUID:
    """Return the school's row of a pupil of the story. Raises `NotFound` when the school's scene was left out."""
    entry_id = session.scalar(select(StoryPupil.entry_id).where(StoryPupil.key == key))
    if entry_id is None:
        raise NotFound("pupil of the story")
    return entry_id


def find_pupil(session: Session, key: str) -> MissingPupil:
    """Return a pupil of the story as the school last described it. Raises `NotFound`."""
    pupil = find_latest_pupil(session, find_entry(session, key))
    if pupil is None:
        raise NotFound("missing pupil")
    return pupil


def find_case(session: Session, actor: Actor, key: str) -> Case:
    """Return the case of a pupil of the story. Raises `NotFound`."""
    case = cases.find_case_of_entry(session, actor.municipality_id, find_entry(session, key))
    if case is None:
        raise NotFound("case")
    return cases.get_case(session, case.id, visible_to=actor)
