"""Rosters, the classes on them, and the hand-overs they came by; scoped to who looks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound
from app.rosters.models import Roster, RosterClass, RosterUpload
from app.rosters.types import RosterState
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks, RoundState

_OWN_UNITS_ONLY = frozenset({Role.STAFF, Role.RESPONDENT})
_WITHOUT_PUPILS = selectinload(Roster.classes).options(defer(RosterClass.pupils_sealed, raiseload=True))
TAKES_ROSTERS = frozenset({RoundState.PLANNED, RoundState.OPEN})


def takes_rosters(survey_round: SurveyRound) -> bool:
    """Tell whether class lists belong in a round: one that asks who has not come back, and has not ended."""
    return survey_round.asks is Asks.RETURN and survey_round.state in TAKES_ROSTERS


def find_roster(session: Session, invitation: Invitation) -> Roster | None:
    """Return the staged roster of the invitation's unit for its round, with its classes but not their pupils."""
    return session.scalar(
        select(Roster)
        .where(
            Roster.round_id == invitation.round_id,
            Roster.school_unit_id == invitation.school_unit_id,
            Roster.state == RosterState.STAGED,
        )
        .options(_WITHOUT_PUPILS)
        .execution_options(populate_existing=True)
    )


def get_class(session: Session, class_id: UUID, *, visible_to: Actor) -> RosterClass:
    """Return a class of a staged roster, with its roster. Raises `NotFound` when it is gone or not the actor's to see.

    Pupils are the business of their own school: nobody else finds a class.
    """
    found = session.scalar(
        select(RosterClass)
        .join(RosterClass.roster)
        .where(
            RosterClass.id == class_id,
            Roster.state == RosterState.STAGED,
            Roster.municipality_id == visible_to.municipality_id,
            Roster.school_unit_id.in_(visible_to.unit_ids),
        )
        .options(contains_eager(RosterClass.roster))
    )
    if found is None:
        raise NotFound("class")
    return found


def find_waiting_upload(session: Session, round_id: UUID, school_unit_id: UUID | None) -> RosterUpload | None:
    """Return the latest hand-over that waits to be confirmed: of a unit's own list, or of the municipality's."""
    return session.scalar(
        select(RosterUpload)
        .where(
            RosterUpload.round_id == round_id,
            RosterUpload.school_unit_id.is_(None)
            if school_unit_id is None
            else RosterUpload.school_unit_id == school_unit_id,
            RosterUpload.confirmed_at.is_(None),
        )
        .order_by(RosterUpload.made_at.desc(), RosterUpload.id)
        .limit(1)
    )


def get_upload(session: Session, upload_id: UUID, *, visible_to: Actor) -> RosterUpload:
    """Return a hand-over. Raises `NotFound` when it is gone, or another municipality's or school's."""
    wanted = select(RosterUpload).where(
        RosterUpload.id == upload_id, RosterUpload.municipality_id == visible_to.municipality_id
    )
    if visible_to.role in _OWN_UNITS_ONLY:
        wanted = wanted.where(RosterUpload.school_unit_id.in_(visible_to.unit_ids))
    if (found := session.scalar(wanted)) is None:
        raise NotFound("upload")
    return found


def list_rosters_of_upload(session: Session, upload_id: UUID) -> Sequence[Roster]:
    """Return the rosters of a hand-over with their classes, without the pupils."""
    return session.scalars(
        select(Roster).where(Roster.upload_id == upload_id).order_by(Roster.id).options(_WITHOUT_PUPILS)
    ).all()


def list_classes_with_pupils(session: Session, upload_id: UUID) -> Sequence[RosterClass]:
    """Return the classes of a hand-over, pupils and all: for the preview of a school's own list, with a read trace."""
    return session.scalars(
        select(RosterClass)
        .join(RosterClass.roster)
        .where(Roster.upload_id == upload_id)
        .order_by(RosterClass.position)
        .options(joinedload(RosterClass.roster, innerjoin=True))
    ).all()


def list_staged(session: Session, round_id: UUID) -> Sequence[Roster]:
    """Return the rosters that the schools of a round work from, with their classes, without the pupils."""
    return session.scalars(
        select(Roster)
        .where(Roster.round_id == round_id, Roster.state == RosterState.STAGED)
        .order_by(Roster.id)
        .options(_WITHOUT_PUPILS)
        .execution_options(populate_existing=True)
    ).all()


def list_stale_uploads(session: Session, before: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Return hand-overs that nobody confirmed in time: id and municipality."""
    rows = session.execute(
        select(RosterUpload.id, RosterUpload.municipality_id)
        .where(RosterUpload.confirmed_at.is_(None), RosterUpload.made_at < before)
        .order_by(RosterUpload.id)
    )
    return [(upload_id, municipality_id) for upload_id, municipality_id in rows]


def list_needless(session: Session) -> Sequence[tuple[UUID, UUID]]:
    """Return rounds, with their municipality, where pupils are kept that nobody has use for: the round is over, or
    their unit has answered."""
    has_answered = exists().where(
        Invitation.round_id == Roster.round_id,
        Invitation.school_unit_id == Roster.school_unit_id,
        Invitation.submitted_at.is_not(None),
    )
    rows = session.execute(
        select(Roster.round_id, Roster.municipality_id)
        .join(SurveyRound, SurveyRound.id == Roster.round_id)
        .where(Roster.state != RosterState.DESTROYED)
        .where(or_(SurveyRound.state.not_in(TAKES_ROSTERS), and_(Roster.state == RosterState.STAGED, has_answered)))
        .group_by(Roster.round_id, Roster.municipality_id)
        .order_by(Roster.round_id)
    )
    return [(round_id, municipality_id) for round_id, municipality_id in rows]
