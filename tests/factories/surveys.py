"""Plans, rounds and invitations of autumn 2026."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.schools.models import Municipality, SchoolUnit
from app.surveys.models import Invitation, PlannedWave, RoundSchedule, SurveyPlan, SurveyRound
from app.surveys.service import redraft
from app.surveys.types import (
    InvitationState,
    PlanKind,
    RoundState,
    Schedule,
    Step,
    StepKind,
    WaveDays,
    term_label,
)

DAYS = WaveDays(open=0, reminders=(3,), due=7, escalate=9, call=10, close=17)
REMINDED_AT = datetime(2026, 8, 24, 6, tzinfo=UTC)
MOMENTS = Schedule(
    opens_at=datetime(2026, 8, 19, 6, tzinfo=UTC),
    due_at=datetime(2026, 8, 28, 14, tzinfo=UTC),
    closes_at=datetime(2026, 9, 11, 14, tzinfo=UTC),
    steps=(
        Step(StepKind.REMINDER, datetime(2026, 8, 24, 6, tzinfo=UTC)),
        Step(StepKind.ESCALATION, datetime(2026, 9, 1, 6, tzinfo=UTC)),
        Step(StepKind.CALL, datetime(2026, 9, 2, 6, tzinfo=UTC)),
    ),
)
"""What `DAYS` come to in a municipality whose term begins on Wednesday 19 August 2026."""


def make_plan(
    session: Session, municipality: Municipality, kind: PlanKind = PlanKind.AFTER_SUMMER, **values: Any
) -> SurveyPlan:
    """Add a plan of one wave, on the days of `DAYS`; `days` gives it others, and `waves` the days of several."""
    waves = values.pop("waves", (values.pop("days", DAYS),))
    plan = SurveyPlan(
        **{
            "municipality_id": municipality.id,
            "kind": kind,
            "title": "Kartläggning efter sommarlovet"
            if kind is PlanKind.AFTER_SUMMER
            else "Kartläggning efter jullovet",
            "is_active": True,
        }
        | values
    )
    plan.waves = [
        PlannedWave(municipality_id=municipality.id, plan_id=plan.id, number=number, days=days)
        for number, days in enumerate(waves)
    ]
    session.add(plan)
    session.flush()
    return plan


def draft(session: Session, municipality: Municipality) -> None:
    """Plan the rounds that the municipality's plans and calendars come to, as the tick does."""
    session.flush()
    redraft(session, municipality.id)


def make_round(session: Session, plan: SurveyPlan, year: int = 2026, **values: Any) -> SurveyRound:
    """Add an open round of a plan, without invitations."""
    survey_round = SurveyRound(
        **{
            "municipality_id": plan.municipality_id,
            "plan_id": plan.id,
            "title": f"{plan.title} {year}",
            "term": term_label(plan.kind.term, year),
            "year": year,
            "occurrence_key": f"{plan.kind}:{year}:0",
            "asks": plan.kind.asks,
            "wave": 0,
            "days": plan.days,
            "state": RoundState.OPEN,
            "opens_at": MOMENTS.opens_at,
            "opened_at": MOMENTS.opens_at,
            "closes_at": MOMENTS.closes_at,
        }
        | values
    )
    session.add(survey_round)
    session.flush()
    return survey_round


def make_invitation(session: Session, survey_round: SurveyRound, unit: SchoolUnit, **values: Any) -> Invitation:
    """Add a unit's invitation, asked and not yet answered, with a schedule of its own."""
    has_answered = values.get("submitted_at") is not None
    moments = {name: values.get(name, getattr(MOMENTS, name)) for name in ("opens_at", "due_at", "closes_at")}
    schedule = RoundSchedule(
        municipality_id=survey_round.municipality_id, round_id=survey_round.id, steps=MOMENTS.steps, **moments
    )
    session.add(schedule)
    session.flush()
    invitation = Invitation(
        **{
            "municipality_id": survey_round.municipality_id,
            "round_id": survey_round.id,
            "school_unit_id": unit.id,
            "asks": survey_round.asks,
            "number": 1,
            "schedule_id": schedule.id,
            "schedule": schedule,
            **moments,
            "next_step": 0,
            "next_at": None if has_answered else MOMENTS.first_step_at,
            "invited_at": MOMENTS.opens_at,
            "state": InvitationState.NOT_STARTED,
            "is_nil": False,
            "missing_count": 0,
            "protected_count": 0,
            "round": survey_round,
            "school_unit": unit,
        }
        | values
    )
    session.add(invitation)
    session.flush()
    return invitation


def make_message(invitation: Invitation, key: str, state: MessageState = MessageState.SENT) -> OutboxMessage:
    """Return a mail about a unit that went when the round opened, to be added."""
    return OutboxMessage(
        municipality_id=invitation.municipality_id,
        kind="surveys.reminder",
        payload={},
        dedupe_key=key,
        is_repeatable=True,
        state=state,
        queued_at=MOMENTS.opens_at,
        due_at=MOMENTS.opens_at,
        attempts=1,
    )
