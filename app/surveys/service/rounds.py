"""Opening and closing rounds. Both are asked for by the tick, as often as it likes, and happen once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.schools import queries as schools
from app.surveys import queries
from app.surveys.models import Invitation, RoundSchedule, SurveyPlan, SurveyRound
from app.surveys.queries import UnitSchedule
from app.surveys.types import InvitationState, Occurrence, RoundState, Schedule


def open_round(session: Session, actor: Actor, occurrence: Occurrence) -> SurveyRound | None:
    """Open the round of an occurrence when its hour has come: one invitation for each active school unit.

    Returns None when it is too early, when the last unit would already be closed (then a person has to decide), or when
    another process opens it or has. The plan's row lock and the occurrence key see to it that it happens once.
    """
    plan = session.scalar(
        select(SurveyPlan)
        .where(SurveyPlan.id == occurrence.plan_id, SurveyPlan.is_active)
        .with_for_update(skip_locked=True)
    )
    if plan is None or _is_opened(session, occurrence):
        return None
    at, schedules = clock.now(), queries.list_schedules(session, plan, occurrence.year)
    moments = [each.moments for each in schedules.values()]
    if not moments or at < min(each.opens_at for each in moments) or at >= max(each.closes_at for each in moments):
        return None
    survey_round = _make_round(plan, occurrence, opens_at=min(each.opens_at for each in moments), at=at)
    survey_round.closes_at = max(each.closes_at for each in moments)
    session.add(survey_round)
    session.flush()
    units = schools.list_active_units(session, plan.municipality_id)
    rows = _schedules(survey_round, schedules)
    session.add_all(rows.values())
    session.flush()
    session.execute(insert(Invitation), _invitations(survey_round, units, rows))
    audit.record(session, actor, AuditAction.SURVEY_OPENED, survey_round.id, invitations=len(units))
    return survey_round


def _is_opened(session: Session, occurrence: Occurrence) -> bool:
    opened = select(SurveyRound.id).where(
        SurveyRound.municipality_id == occurrence.municipality_id, SurveyRound.occurrence_key == occurrence.key
    )
    return session.scalar(opened) is not None


def _make_round(plan: SurveyPlan, occurrence: Occurrence, *, opens_at: datetime, at: datetime) -> SurveyRound:
    return SurveyRound(
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        title=f"{plan.title} {occurrence.year}",
        term=occurrence.term,
        year=occurrence.year,
        occurrence_key=occurrence.key,
        asks=occurrence.kind.asks,
        wave=occurrence.wave,
        days=plan.days,
        state=RoundState.OPEN,
        opens_at=opens_at,
        opened_at=at,
    )


def _schedules(survey_round: SurveyRound, schedules: Mapping[UUID, UnitSchedule]) -> dict[UUID, RoundSchedule]:
    """Return a row for each organiser, the same one where the moments are."""
    rows: dict[Schedule, RoundSchedule] = {}
    for each in schedules.values():
        if each.moments not in rows:
            rows[each.moments] = RoundSchedule(
                municipality_id=survey_round.municipality_id, round_id=survey_round.id, moments=each.moments
            )
    return {organiser_id: rows[each.moments] for organiser_id, each in schedules.items()}


def _invitations(
    survey_round: SurveyRound, units: Sequence[tuple[UUID, UUID]], schedules: Mapping[UUID, RoundSchedule]
) -> list[dict[str, object]]:
    """Return the rows as plain values: a municipality may have thousands of units, and all are asked in one go."""
    rows = []
    for unit_id, organiser_id in units:
        row = schedules[organiser_id]
        rows.append(
            {
                "id": uuid4(),
                "municipality_id": survey_round.municipality_id,
                "round_id": survey_round.id,
                "school_unit_id": unit_id,
                "asks": survey_round.asks,
                "schedule_id": row.id,
                "opens_at": row.opens_at,
                "due_at": row.due_at,
                "closes_at": row.closes_at,
                "next_at": row.moments.first_step_at,
                "state": InvitationState.NOT_STARTED,
            }
        )
    return rows


def close_round(session: Session, actor: Actor, round_id: UUID) -> bool:
    """Close a round whose last unit may no longer answer; False when that is not so, or another process closes it."""
    survey_round = queries.find_round_to_close(session, round_id, clock.now())
    if survey_round is None:
        return False
    survey_round.close(at=clock.now())
    audit.record(session, actor, AuditAction.SURVEY_CLOSED, survey_round.id)
    return True
