"""The page a school begins at."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.cases.queries import list_reported_status
from app.cases.types import ReportedStatus
from app.kernel import clock
from app.responses import queries
from app.responses.pages.answer import Due, make_due
from app.surveys.models import Invitation
from app.surveys.queries import NextOpening, find_next_opening, list_invitations_of_units


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """A round that a school unit may answer."""

    invitation: Invitation
    due: Due


@dataclass(frozen=True, slots=True)
class Reported:
    """What a unit has reported, as its reference and status and nothing else."""

    invitation: Invitation
    status: ReportedStatus


@dataclass(frozen=True, slots=True)
class StartPage:
    """What there is to do, what was reported, and what comes next."""

    is_staff: bool
    open: Sequence[OpenSurvey]
    earlier: Sequence[Invitation]
    reported: Sequence[Reported]
    next_opening: NextOpening | None

    @property
    def is_idle(self) -> bool:
        """Whether no open round waits for an answer."""
        return not any(not survey.invitation.has_answered for survey in self.open)


def make_start(session: Session, actor: Actor) -> StartPage:
    """Return the start page of a respondent; staff report concern and see no answers."""
    next_opening = find_next_opening(session, actor.municipality_id)
    if actor.role is not Role.RESPONDENT:
        return StartPage(True, [], [], [], next_opening)
    now = clock.now()
    invitations = list_invitations_of_units(session, visible_to=actor)
    return StartPage(
        is_staff=False,
        open=[OpenSurvey(each, make_due(session, each)) for each in invitations if each.accepts_answers(now)],
        earlier=[each for each in invitations if not each.accepts_answers(now)],
        reported=_reported(session, actor, invitations),
        next_opening=next_opening,
    )


def _reported(session: Session, actor: Actor, invitations: Sequence[Invitation]) -> list[Reported]:
    by_id = {invitation.id: invitation for invitation in invitations}
    entries = queries.list_entries(session, visible_to=actor)
    status = list_reported_status(session, list(entries), visible_to=actor)
    rows = [
        Reported(by_id[invitation_id], status[entry_id])
        for entry_id, invitation_id in entries.items()
        if entry_id in status and invitation_id in by_id
    ]
    return sorted(rows, key=lambda row: row.status.reference, reverse=True)
