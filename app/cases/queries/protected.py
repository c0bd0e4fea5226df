"""Protected pupils, of whom only a number is kept: where there are some, and whom to phone."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Case, CaseSource
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound
from app.surveys.queries.protected import count_protected_before, is_overtaken
from app.surveys.types import Asks, InvitationState, RoundState


def exists_source_besides(session: Session, case: Case, entry_ids: Collection[UUID]) -> bool:
    """Tell whether anybody has told of the child but in these rows of schools, in this case or an earlier one."""
    sources = select(CaseSource.entry_id).join(Case, Case.id == CaseSource.case_id)
    told = session.scalars(sources.where(Case.child_id == case.child_id)).all()
    return any(entry_id not in entry_ids for entry_id in told)


def list_protected_units(session: Session, *, visible_to: Actor) -> Sequence[tuple[SchoolUnit, int]]:
    """Return the school units that miss or worry about protected pupils, with how many.

    What counts is what a unit has said and not said anew since; see `is_overtaken`. A draft is seen at once where it
    counts more, and lowers nothing. Rather a child is counted twice than not at all.
    """
    rows = session.execute(
        select(SchoolUnit, Invitation)
        .join(Invitation, Invitation.school_unit_id == SchoolUnit.id)
        .join(SurveyRound, SurveyRound.id == Invitation.round_id)
        .where(
            Invitation.municipality_id == visible_to.municipality_id,
            Invitation.state != InvitationState.NOT_STARTED,
            Invitation.protected_count > 0,
            SurveyRound.state != RoundState.CANCELLED,
            ~is_overtaken(),
        )
        .order_by(SchoolUnit.name, SchoolUnit.id, Invitation.id)
    )
    counts: dict[SchoolUnit, int] = {}
    for unit, invitation in rows:
        counts[unit] = counts.get(unit, 0) + _count(session, invitation)
    return [(unit, count) for unit, count in counts.items() if count]


def _count(session: Session, invitation: Invitation) -> int:
    """Return what an answer adds to what the unit has submitted; a draft about who is back began with all of that."""
    if invitation.asks is not Asks.RETURN or invitation.has_answered:
        return invitation.protected_count
    return max(0, invitation.protected_count - count_protected_before(session, invitation))
