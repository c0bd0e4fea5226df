"""Finding where a register is, what was ordered from it, and which school units it is asked about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.rosters.models import RegisterConnection, RosterFetch
from app.rosters.types.fetching import FetchState
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound

MOST_SHOWN: Final = 10
_UNFINISHED: Final = (FetchState.ORDERED, FetchState.FETCHING)


def find_connection(session: Session, *, visible_to: Actor) -> RegisterConnection | None:
    """Return where the actor's municipality has its register, or None."""
    return session.scalar(
        select(RegisterConnection).where(RegisterConnection.municipality_id == visible_to.municipality_id)
    )


def get_fetch(session: Session, fetch_id: UUID, *, visible_to: Actor) -> RosterFetch:
    """Return what was ordered. Raises `NotFound` when it is another municipality's."""
    fetch = session.scalar(_visible(visible_to).where(RosterFetch.id == fetch_id))
    if fetch is None:
        raise NotFound("roster fetch")
    return fetch


def list_fetches(session: Session, survey_round: SurveyRound, *, visible_to: Actor) -> Sequence[RosterFetch]:
    """Return what was ordered for a round, newest first."""
    return session.scalars(_visible(visible_to).where(RosterFetch.round_id == survey_round.id).limit(MOST_SHOWN)).all()


def list_trials(session: Session, *, visible_to: Actor) -> Sequence[RosterFetch]:
    """Return the trials of the connection, which belong to no round, newest first."""
    return session.scalars(_visible(visible_to).where(RosterFetch.round_id.is_(None)).limit(MOST_SHOWN)).all()


def find_unfinished_fetch(session: Session, *, visible_to: Actor) -> RosterFetch | None:
    """Return the one that waits or is under way, or None: a municipality has one at a time."""
    return session.scalar(_visible(visible_to).where(RosterFetch.state.in_(_UNFINISHED)).limit(1))


def claim_unfinished_fetch(session: Session, *, visible_to: Actor) -> RosterFetch | None:
    """Return the one that waits or is under way, locked, or None."""
    return session.scalar(_visible(visible_to).where(RosterFetch.state.in_(_UNFINISHED)).with_for_update())


def _visible(actor: Actor) -> Select[RosterFetch]:
    return (
        select(RosterFetch)
        .where(RosterFetch.municipality_id == actor.municipality_id)
        .order_by(RosterFetch.ordered_at.desc(), RosterFetch.id)
    )


def list_waiting_fetches(session: Session, at: datetime) -> Sequence[UUID]:
    """Return the ids of those that nobody has in hand, or whose worker is dead, oldest first."""
    return session.scalars(
        select(RosterFetch.id)
        .where(RosterFetch.state.in_(_UNFINISHED), _is_free(at))
        .order_by(RosterFetch.ordered_at, RosterFetch.id)
    ).all()


def claim_fetch(session: Session, fetch_id: UUID, at: datetime) -> RosterFetch | None:
    """Return what was ordered, locked, or None when somebody has it in hand or it is done."""
    return session.scalar(
        select(RosterFetch)
        .where(RosterFetch.id == fetch_id, RosterFetch.state.in_(_UNFINISHED), _is_free(at))
        .with_for_update(skip_locked=True)
    )


def claim_attempt(session: Session, fetch_id: UUID, attempt: int) -> RosterFetch | None:
    """Return what a worker has in hand, locked, or None when another has taken over or ended it."""
    return session.scalar(
        select(RosterFetch)
        .where(RosterFetch.id == fetch_id, RosterFetch.state == FetchState.FETCHING, RosterFetch.attempts == attempt)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(RosterFetch.leased_until.is_(None), RosterFetch.leased_until < at)


def list_own_units(session: Session, municipality_id: UUID) -> Sequence[SchoolUnit]:
    """Return the school units of a municipality that take part in rounds."""
    return session.scalars(
        select(SchoolUnit)
        .where(SchoolUnit.municipality_id == municipality_id, SchoolUnit.is_active)
        .order_by(SchoolUnit.school_unit_code, SchoolUnit.id)
    ).all()


def list_answered_units(session: Session, round_id: UUID) -> Sequence[UUID]:
    """Return the ids of the units that have answered in a round: nothing more is fetched for them."""
    return session.scalars(
        select(Invitation.school_unit_id)
        .where(Invitation.round_id == round_id, Invitation.submitted_at.is_not(None))
        .order_by(Invitation.school_unit_id)
    ).all()
