"""Frozen terms, and the terms whose figures have gone out of date."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.errors import NotFound
from app.summaries.models import TermSnapshot
from app.summaries.queries.counting import asked_who_came_back
from app.surveys.models import Invitation, SurveyRound


def get_snapshot(session: Session, snapshot_id: UUID, *, visible_to: Actor) -> TermSnapshot:
    """Return a frozen term. Raises `NotFound` when it is another municipality's."""
    snapshot = session.scalar(
        select(TermSnapshot).where(
            TermSnapshot.id == snapshot_id, TermSnapshot.municipality_id == visible_to.municipality_id
        )
    )
    if snapshot is None:
        raise NotFound("term snapshot")
    return snapshot


def list_snapshots(session: Session, *, visible_to: Actor) -> Sequence[TermSnapshot]:
    """Return every frozen term of the actor's municipality, the latest first."""
    return session.scalars(
        select(TermSnapshot)
        .where(TermSnapshot.municipality_id == visible_to.municipality_id)
        .order_by(TermSnapshot.sort_key.desc(), TermSnapshot.id)
    ).all()


def find_snapshot(session: Session, municipality_id: UUID, term: str, *, lock: bool = False) -> TermSnapshot | None:
    """Return a term's snapshot, locked for whoever is about to freeze it anew, or None."""
    statement = select(TermSnapshot).where(TermSnapshot.municipality_id == municipality_id, TermSnapshot.term == term)
    return session.scalar(statement.with_for_update() if lock else statement)


def list_terms_to_freeze(session: Session, at: datetime) -> Sequence[tuple[UUID, str]]:
    """Return municipality and term of everything that has changed since it was frozen, or has not been today.

    Changed is what the answers say: another unit has submitted, a unit's last day has passed, the round has closed.
    Children are looked at once a day, since they are counted far more seldom than that.
    """
    since = TermSnapshot.frozen_at
    morning = clock.at(clock.local(at).date(), time())
    moved = exists().where(
        Invitation.round_id == SurveyRound.id,
        or_(Invitation.submitted_at > since, and_(Invitation.due_at > since, Invitation.due_at <= at)),
    )
    rows = session.execute(
        select(SurveyRound.municipality_id, SurveyRound.term)
        .outerjoin(
            TermSnapshot,
            and_(TermSnapshot.municipality_id == SurveyRound.municipality_id, TermSnapshot.term == SurveyRound.term),
        )
        .where(
            *asked_who_came_back(),
            SurveyRound.wave == 0,
            or_(
                TermSnapshot.id.is_(None),
                and_(TermSnapshot.is_final.is_(False), or_(since < morning, SurveyRound.closed_at > since, moved)),
            ),
        )
        .distinct()
        .order_by(SurveyRound.municipality_id, SurveyRound.term)
    )
    return list(rows.all())
