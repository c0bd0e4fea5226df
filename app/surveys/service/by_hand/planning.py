"""Drafted rounds: confirmed, given other days, or the days and letter of last year."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.surveys.models import SurveyRound
from app.surveys.types import RoundState


def confirm_round(session: Session, actor: Actor, survey_round: SurveyRound, version: int) -> None:
    """Say that a planned round is right as it stands. It would open all the same. Raises `Conflict`, `Refused`."""
    require_version(survey_round, version)
    if survey_round.state is not RoundState.PLANNED:
        raise Refused("round_not_planned")
    survey_round.confirmed_at, survey_round.confirmed_by_id = clock.now(), actor.account_id
    audit.record(session, actor, AuditAction.SURVEY_CONFIRMED, survey_round.id)
