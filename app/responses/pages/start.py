"""The page a school begins at."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import allows
from app.cases.queries import list_reported_status
from app.cases.types import ReportedStatus
from app.kernel import clock
from app.responses import queries
from app.responses.pages.answer import Due, is_any_time, make_due
from app.surveys.models import Invitation
from app.surveys.queries import NextOpening, find_own_opening, list_invitations_of_units


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """A round that a school unit may answer."""

    invitation: Invitation
    due: Due
    has_draft: bool

    @property
    def has_unsent_change(self) -> bool:
        """Whether a change of what was submitted has been begun and not sent."""
        return self.has_draft and self.invitation.has_answered


@dataclass(frozen=True, slots=True)
class Reported:
    """What a unit has reported, as its reference and status and nothing else."""

    pupil_id: UUID
    invitation: Invitation
    status: ReportedStatus


@dataclass(frozen=True, slots=True)
class StartPage:
    """What there is to do, what was reported, and what comes next."""

    has_school: bool
    """Whether the actor has any unit today: one whose time to answer has ended may have none."""
    answers: bool
    """Whether the actor answers for any unit; other staff see what they have begun themselves."""
    open: Sequence[OpenSurvey]
    earlier: Sequence[Invitation]
    reported: Sequence[Reported]
    next_opening: NextOpening | None
    """When a unit that the actor answers for is asked next; looked up only where nothing waits."""
    begun: Sequence[Invitation] = ()
    """Reports outside rounds that have been begun and not sent."""

    @property
    def first_unanswered(self) -> Invitation | None:
        """The open round that should be answered first, None when nothing waits."""
        return next((survey.invitation for survey in self.open if not survey.invitation.has_answered), None)


def make_start(session: Session, actor: Actor) -> StartPage:
    """Return the start page of somebody at a school."""
    now = clock.now()
    invitations = list_invitations_of_units(session, visible_to=actor)
    asked = [each for each in invitations if not is_any_time(each)]
    open_now = [each for each in asked if each.accepts_answers(now)]
    drafted = queries.list_drafted(session, [each.id for each in open_now])
    waits = any(not each.has_answered for each in open_now)
    return StartPage(
        has_school=bool(actor.unit_ids),
        answers=allows(actor, Permission.RESPONSE_BEGIN),
        open=[OpenSurvey(each, make_due(session, each), each.id in drafted) for each in open_now],
        earlier=[each for each in asked if not each.accepts_answers(now)],
        reported=_reported(session, actor, invitations),
        next_opening=None if waits else find_own_opening(session, visible_to=actor),
        begun=list_begun(session, invitations),
    )


def list_begun(session: Session, invitations: Sequence[Invitation]) -> list[Invitation]:
    """Return those of the invitations that are reports outside rounds, begun and not sent.

    One that holds nobody is nothing to do; whoever begins a report goes on with it.
    """
    own = [each for each in invitations if is_any_time(each) and each.accepts_answers(clock.now())]
    drafted = set(queries.list_drafted(session, [each.id for each in own]))
    empty = set(queries.list_empty_reports(session, list(drafted)))
    return [each for each in own if each.id in drafted - empty]


def _reported(session: Session, actor: Actor, invitations: Sequence[Invitation]) -> list[Reported]:
    by_id = {invitation.id: invitation for invitation in invitations}
    entries = [entry for entry in queries.list_listed(session, visible_to=actor) if entry.invitation_id in by_id]
    status = list_reported_status(session, [entry.entry_id for entry in entries], visible_to=actor)
    rows = [
        Reported(entry.pupil_id, by_id[entry.invitation_id], status[entry.entry_id])
        for entry in entries
        if entry.entry_id in status
    ]
    return sorted(rows, key=lambda row: row.status.reference, reverse=True)
