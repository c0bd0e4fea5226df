"""The director's letter, of a plan for every year or of one round only."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.surveys.models import SurveyPlan, SurveyRound
from app.surveys.types import EditLetter, RoundState


def edit_plan_letter(session: Session, actor: Actor, plan: SurveyPlan, command: EditLetter) -> None:
    """Give a plan's rounds another letter, or the shipped example again; rounds with their own keep theirs."""
    require_version(plan, command.version)
    if plan.letter != command.letter:
        plan.letter = command.letter
        audit.record(session, actor, AuditAction.SURVEY_PLAN_CHANGED, plan.id, fields=["letter"])


def edit_round_letter(session: Session, actor: Actor, survey_round: SurveyRound, command: EditLetter) -> None:
    """Give one round another letter, or its plan's again; units that have been asked keep what they got.

    Raises `Refused` when no more units will be asked.
    """
    require_version(survey_round, command.version)
    if survey_round.state not in (RoundState.PLANNED, RoundState.OPEN):
        raise Refused("round_not_open")
    if survey_round.letter != command.letter:
        survey_round.letter = command.letter
        survey_round.withdraw_confirmation()
        audit.record(session, actor, AuditAction.SURVEY_ROUND_CHANGED, survey_round.id, fields=["letter"])
