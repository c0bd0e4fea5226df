"""Rounds, and who is asked in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound
from app.surveys.queries.delivery import is_unasked
from app.surveys.types import RoundState

_OWN_UNITS_ONLY = frozenset({Role.STAFF, Role.RESPONDENT})


@dataclass(frozen=True, slots=True)
class RoundOverview:
    """A round with how far it has come; pupils are counted only where an answer was submitted."""

    round: SurveyRound
    units: int
    answered: int
    nil: int
    missing: int
    first_due_at: datetime
    last_due_at: datetime
    closes_at: datetime
    has_unasked: bool
    """Whether it is open and the mail to some unit came back."""


def get_round(session: Session, round_id: UUID, *, visible_to: Actor) -> SurveyRound:
    """Return a round. Raises `NotFound` when it is another municipality's."""
    found = session.scalar(
        select(SurveyRound).where(SurveyRound.id == round_id, SurveyRound.municipality_id == visible_to.municipality_id)
    )
    if found is None:
        raise NotFound("survey round")
    return found


def list_rounds(session: Session, *, visible_to: Actor) -> Sequence[SurveyRound]:
    """Return the municipality's rounds that have opened, the latest first."""
    return session.scalars(
        select(SurveyRound)
        .where(SurveyRound.municipality_id == visible_to.municipality_id, SurveyRound.opened_at.is_not(None))
        .order_by(SurveyRound.opened_at.desc(), SurveyRound.id)
    ).all()


def list_round_overviews(session: Session, *, visible_to: Actor) -> Sequence[RoundOverview]:
    """Return the municipality's rounds with their figures, the latest first, in one query."""
    has_answered, is_open = Invitation.submitted_at.is_not(None), SurveyRound.state == RoundState.OPEN
    rows = session.execute(
        select(
            SurveyRound,
            func.count(Invitation.id),
            func.count(Invitation.submitted_at),
            func.sum(case((and_(has_answered, Invitation.is_nil), 1), else_=0)),
            func.sum(case((has_answered, Invitation.missing_count), else_=0)),
            func.min(Invitation.due_at),
            func.max(Invitation.due_at),
            func.max(Invitation.closes_at),
            func.max(case((and_(is_open, ~has_answered, is_unasked(Invitation)), 1), else_=0)) == 1,
        )
        .join(Invitation, Invitation.round_id == SurveyRound.id)
        .where(SurveyRound.municipality_id == visible_to.municipality_id, SurveyRound.days.is_not(None))
        .group_by(SurveyRound.id)
        .order_by(SurveyRound.opened_at.desc(), SurveyRound.id)
    )
    return [RoundOverview(*row) for row in rows]


def get_invitation(session: Session, invitation_id: UUID, *, visible_to: Actor) -> Invitation:
    """Return an invitation with its unit and round. Raises `NotFound` when it is not the actor's to see.

    Those at a school find their own units' only, and only once the unit has been asked.
    """
    invitation = session.scalar(_visible(visible_to).where(Invitation.id == invitation_id))
    if invitation is None:
        raise NotFound("invitation")
    return invitation


def list_invitations_of_units(session: Session, *, visible_to: Actor) -> Sequence[Invitation]:
    """Return what the actor answers or has begun, with unit and round: open ones first, then latest."""
    return session.scalars(
        _visible(visible_to)
        .where(is_own(visible_to))
        .order_by(SurveyRound.state.desc(), Invitation.due_at.desc(), SchoolUnit.name, Invitation.id)
    ).all()


def is_own(actor: Actor) -> ColumnElement[bool]:
    """Keep what units are asked that the actor answers for, and what the actor has begun alone where it works."""
    begun = and_(Invitation.begun_by_id == actor.account_id, Invitation.school_unit_id.in_(actor.unit_ids))
    return or_(Invitation.school_unit_id.in_(actor.answers_for), begun)


def _visible(actor: Actor) -> Select[Invitation]:
    statement = (
        select(Invitation)
        .join(Invitation.round)
        .join(Invitation.school_unit)
        .where(Invitation.municipality_id == actor.municipality_id)
        .options(joinedload(Invitation.round, innerjoin=True))
        .options(joinedload(Invitation.school_unit, innerjoin=True))
    )
    if actor.role in _OWN_UNITS_ONLY:
        statement = statement.where(Invitation.school_unit_id.in_(actor.unit_ids), Invitation.invited_at.is_not(None))
    return statement


def list_invitations(session: Session, survey_round: SurveyRound) -> Sequence[Invitation]:
    """Return every invitation of a round with its unit and the unit's organiser."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.round_id == survey_round.id)
        .options(joinedload(Invitation.school_unit, innerjoin=True).joinedload(SchoolUnit.organiser, innerjoin=True))
        .order_by(Invitation.id)
    ).all()
