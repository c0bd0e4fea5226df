"""Protected pupils, of whom only a number is kept: what a school unit has counted, and when that no longer holds.

Nobody knows who is who, so one rule for all: never lose a child, and rather count one twice. A draft takes the place of
nothing. An answer counts from when it was first submitted, so correcting an old one takes the place of nothing new.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks, RoundState

_said_at = func.coalesce(Invitation.submitted_at, Invitation.last_activity_at)


def count_protected_before(session: Session, invitation: Invitation, *, with_worries: bool = True) -> int:
    """Return how many protected pupils the unit had counted, and is asked about anew, when it answers who is back.

    `with_worries` counts those it worried about before the break too; they have not been missed.
    """
    if invitation.asks is not Asks.RETURN:
        return 0
    term_opened_at = session.scalar(
        select(_term_opened_at(SurveyRound)).where(SurveyRound.id == invitation.round_id),
    )
    counted = select(func.sum(Invitation.protected_count)).where(
        Invitation.school_unit_id == invitation.school_unit_id,
        Invitation.id != invitation.id,
        Invitation.submitted_at.is_not(None),
        _is_asked_anew(invitation.opens_at, term_opened_at),
        ~is_overtaken(before=invitation),
    )
    if invitation.submitted_at is not None:
        counted = counted.where(Invitation.submitted_at < invitation.submitted_at)
    if not with_worries:
        counted = counted.where(Invitation.asks != Asks.WORRY)
    return session.scalar(counted) or 0


def is_overtaken(*, before: Invitation | None = None) -> ColumnElement[bool]:
    """Hold for what a unit has counted before it submitted an answer to who is back that asks about the same anew.

    What has been touched since and counts more stands. With `before`, only what came before that answer is heard.
    """
    later, its_round = aliased(Invitation), aliased(SurveyRound)
    heard = (
        select(later.id)
        .join(its_round, its_round.id == later.round_id)
        .where(
            later.school_unit_id == Invitation.school_unit_id,
            later.id != Invitation.id,
            later.asks == Asks.RETURN,
            its_round.state != RoundState.CANCELLED,
            later.submitted_at > _said_at,
            or_(Invitation.last_activity_at <= later.submitted_at, Invitation.protected_count <= later.protected_count),
            _is_asked_anew(later.opens_at, _term_opened_at(its_round)),
        )
    )
    if before is not None:
        heard = heard.where(later.id != before.id, later.opens_at <= before.opens_at)
    return heard.exists()


def _is_asked_anew(opens_at: Any, term_opened_at: Any) -> ColumnElement[bool]:
    """Hold for what a round asks about anew: every report, its own and earlier rounds, worries before its break."""
    return or_(
        Invitation.asks == Asks.REPORT,
        and_(Invitation.asks == Asks.RETURN, Invitation.opens_at <= opens_at),
        and_(Invitation.asks == Asks.WORRY, _said_at < term_opened_at),
    )


def _term_opened_at(this: type[SurveyRound]) -> ScalarSelect[datetime]:
    """Return when the first round after a break began to ask; follow-ups are about the same break."""
    first = aliased(SurveyRound)
    return (
        select(func.min(first.opens_at))
        .where(first.plan_id == this.plan_id, first.year == this.year)
        .correlate(this)
        .scalar_subquery()
    )
