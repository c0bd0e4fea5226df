"""Plans, rounds and invitations of autumn 2026."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.schools.models import Municipality, SchoolUnit
from app.surveys.models import Invitation, SurveyPlan, SurveyRound
from app.surveys.types import InvitationState, PlanDays, PlanKind, RoundState, Schedule, term_label

MOMENTS = Schedule(
    opens_at=datetime(2026, 8, 19, 6, tzinfo=UTC),
    remind_at=datetime(2026, 8, 24, 6, tzinfo=UTC),
    due_at=datetime(2026, 8, 28, 14, tzinfo=UTC),
    closes_at=datetime(2026, 9, 11, 14, tzinfo=UTC),
)
"""What the shipped plan comes to in a municipality whose term begins on Wednesday 19 August 2026."""


def make_plan(
    session: Session, municipality: Municipality, kind: PlanKind = PlanKind.AFTER_SUMMER, **values: Any
) -> SurveyPlan:
    """Add a plan with the shipped days."""
    plan = SurveyPlan(
        **{
            "municipality_id": municipality.id,
            "kind": kind,
            "title": "Kartläggning efter sommarlovet"
            if kind is PlanKind.AFTER_SUMMER
            else "Kartläggning efter jullovet",
            "days": PlanDays(0, 3, 7, 17),
            "is_active": True,
        }
        | values
    )
    session.add(plan)
    session.flush()
    return plan


def make_round(session: Session, plan: SurveyPlan, year: int = 2026, **values: Any) -> SurveyRound:
    """Add an open round of a plan, without invitations."""
    survey_round = SurveyRound(
        **{
            "municipality_id": plan.municipality_id,
            "plan_id": plan.id,
            "title": f"{plan.title} {year}",
            "term": term_label(plan.kind.term, year),
            "year": year,
            "occurrence_key": f"{plan.kind}:{year}",
            "state": RoundState.OPEN,
            "opens_at": MOMENTS.opens_at,
            "opened_at": MOMENTS.opens_at,
        }
        | values
    )
    session.add(survey_round)
    session.flush()
    return survey_round


def make_invitation(session: Session, survey_round: SurveyRound, unit: SchoolUnit, **values: Any) -> Invitation:
    """Add a unit's invitation, asked and not yet answered."""
    invitation = Invitation(
        **{
            "municipality_id": survey_round.municipality_id,
            "round_id": survey_round.id,
            "school_unit_id": unit.id,
            "opens_at": MOMENTS.opens_at,
            "remind_at": MOMENTS.remind_at,
            "due_at": MOMENTS.due_at,
            "closes_at": MOMENTS.closes_at,
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
