"""What is due and has not been done. Asked at every tick, so each costs one statement when nothing is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, extract, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.kernel import clock
from app.schools.models import SchoolUnit, SchoolYear, Term
from app.schools.types import TermKind
from app.surveys.models import Invitation, SurveyPlan, SurveyRound
from app.surveys.queries.plans import list_schedules
from app.surveys.types import Occurrence, PlanKind, RoundState

BATCH: Final = 200
"""How many units one transaction asks or reminds: few enough to hold locks briefly, many enough for speed."""
LOOK_BACK: Final = timedelta(days=150)
"""A round is opened, or told to be missed, this long after the first day of term; then the next one is near."""


def list_due_occurrences(session: Session, at: datetime) -> Sequence[Occurrence]:
    """Return the rounds that some organiser's term has begun for and that have not been opened, in any municipality.

    Whether the hour has come is for the calendar to say; this only finds the few that can be due at all.
    """
    return _occurrences(session, at)


def list_missed_occurrences(session: Session, at: datetime, *, visible_to: Actor) -> Sequence[Occurrence]:
    """Return the rounds of the actor's municipality whose whole time passed without their being opened.

    They are not opened by themselves any more; a person has to know.
    """
    missed = []
    for occurrence in _occurrences(session, at, SurveyPlan.municipality_id == visible_to.municipality_id):
        plan = session.get_one(SurveyPlan, occurrence.plan_id)
        schedules = list_schedules(session, plan, occurrence.year)
        if all(each.moments.closes_at <= at for each in schedules.values()):
            missed.append(occurrence)
    return missed


def _occurrences(session: Session, at: datetime, *conditions: ColumnElement[bool]) -> Sequence[Occurrence]:
    today, year = clock.local(at).date(), extract("year", Term.starts_on)
    is_opened = exists().where(SurveyRound.plan_id == SurveyPlan.id, SurveyRound.year == year, SurveyRound.wave == 0)
    is_attended = exists().where(SchoolUnit.organiser_id == SchoolYear.organiser_id, SchoolUnit.is_active)
    rows = session.execute(
        select(SurveyPlan.municipality_id, SurveyPlan.id, SurveyPlan.kind, year)
        .join(Term, and_(Term.municipality_id == SurveyPlan.municipality_id, _term_of_plan()))
        .join(SchoolYear, SchoolYear.id == Term.school_year_id)
        .where(SurveyPlan.is_active, Term.starts_on <= today, Term.starts_on > today - LOOK_BACK)
        .where(~is_opened, is_attended, *conditions)
        .distinct()
        .order_by(SurveyPlan.municipality_id, SurveyPlan.id, year)
    )
    return [Occurrence(municipality_id, plan_id, kind, int(when)) for municipality_id, plan_id, kind, when in rows]


def _term_of_plan() -> ColumnElement[bool]:
    return or_(
        and_(SurveyPlan.kind == PlanKind.AFTER_SUMMER, Term.kind == TermKind.AUTUMN),
        and_(SurveyPlan.kind == PlanKind.AFTER_CHRISTMAS, Term.kind == TermKind.SPRING),
    )


def exists_invitation_to_open(session: Session, at: datetime) -> bool:
    """Tell whether some unit should have been asked by `at` and has not."""
    return session.scalar(select(_to_open(at).exists())) or False


def list_invitations_to_open(session: Session, at: datetime) -> Sequence[Invitation]:
    """Return a batch of invitations whose unit should have been asked by `at` and has not, locked, with their plan.

    Those that another process has locked are left to it.
    """
    return _locked(
        session,
        _to_open(at)
        .options(joinedload(Invitation.round, innerjoin=True).joinedload(SurveyRound.plan, innerjoin=True))
        .options(joinedload(Invitation.school_unit, innerjoin=True), joinedload(Invitation.schedule, innerjoin=True))
        .order_by(Invitation.opens_at, Invitation.id),
    )


def _to_open(at: datetime) -> Select[Invitation]:
    return (
        select(Invitation)
        .join(Invitation.round)
        .where(Invitation.invited_at.is_(None), Invitation.opens_at <= at, SurveyRound.state == RoundState.OPEN)
    )


def exists_invitation_to_remind(session: Session, at: datetime) -> bool:
    """Tell whether some reminder is due."""
    return session.scalar(select(_to_remind(at).exists())) or False


def list_invitations_to_remind(session: Session, at: datetime) -> Sequence[Invitation]:
    """Return a batch of invitations whose unit was asked, has not answered and is to be reminded by `at`, locked.

    An answer that is being submitted holds the lock: then the unit is left out here, and has answered at the next look.
    """
    return _locked(
        session,
        _to_remind(at)
        .options(joinedload(Invitation.schedule, innerjoin=True))
        .order_by(Invitation.next_at, Invitation.id),
    )


def _to_remind(at: datetime) -> Select[Invitation]:
    return (
        select(Invitation)
        .join(Invitation.round)
        .where(Invitation.submitted_at.is_(None), Invitation.invited_at.is_not(None))
        .where(Invitation.next_at <= at, Invitation.closes_at > at, SurveyRound.state == RoundState.OPEN)
    )


def _locked(session: Session, statement: Select[Invitation]) -> Sequence[Invitation]:
    return session.scalars(statement.limit(BATCH).with_for_update(of=Invitation, skip_locked=True)).all()


def list_rounds_to_close(session: Session, at: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Return id and municipality of open rounds in which every unit has been asked and none may answer any more."""
    rounds = session.scalars(_to_close(at).order_by(SurveyRound.opened_at, SurveyRound.id))
    return [(survey_round.id, survey_round.municipality_id) for survey_round in rounds]


def find_round_to_close(session: Session, round_id: UUID, at: datetime) -> SurveyRound | None:
    """Return such a round locked, or None when it is no longer one or another process has it."""
    return session.scalar(_to_close(at).where(SurveyRound.id == round_id).with_for_update(skip_locked=True))


def _to_close(at: datetime) -> Select[SurveyRound]:
    is_going_on = exists().where(
        Invitation.round_id == SurveyRound.id, or_(Invitation.closes_at > at, Invitation.invited_at.is_(None))
    )
    return select(SurveyRound).where(SurveyRound.state == RoundState.OPEN, ~is_going_on)
