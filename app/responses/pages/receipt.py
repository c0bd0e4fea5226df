"""The receipt: what was sent, what happens next, and how it goes for each pupil."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.types import CaseState
from app.kernel import clock
from app.responses import queries
from app.responses.models import Response
from app.responses.pages.answer import Saved, is_any_time, make_saved
from app.responses.pages.asked import WORDS, AskedWords
from app.responses.pages.listed import ListedPupil, list_shown
from app.responses.types import ResponseFigures
from app.routine.queries import get_current_routine
from app.schools.queries import get_calendar, get_municipality
from app.surveys.models import Invitation
from app.surveys.pages.words import since_words
from app.surveys.types import Asks


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer that has been sent. `reviewed_by_at` is when the coordinator will have looked, if there is anything."""

    response: Response
    versions: Sequence[Response]
    pupils: Sequence[ListedPupil]
    figures: ResponseFigures
    since: str
    """What had changed since the school last answered; empty when it never had."""
    reviewed_by_at: datetime | None
    change: Saved | None
    may_change: bool
    coordinator_name: str
    coordinator_phone: str

    @property
    def words(self) -> AskedWords:
        """What things are called, by what was asked."""
        return WORDS[self.response.asks]

    @property
    def title(self) -> str:
        """What was sent: the round's name, or what the school began by itself."""
        invitation = self.response.invitation
        return self.words.whole if is_any_time(invitation) else invitation.round.title

    @property
    def sent(self) -> str:
        """What it is called in a sentence."""
        if self.response.is_nil and self.asks_for_figures:
            return "Nollsvaret"
        if not is_any_time(self.response.invitation):
            return "Svaret"
        return "Det du skrev" if self.response.asks is Asks.WORRY else "Rapporten"

    @property
    def asks_for_figures(self) -> bool:
        """Whether every enrolled pupil was counted."""
        return self.words.counts

    @property
    def asks_about_missing(self) -> bool:
        """Whether the pupils were missing, so that they can come back; before a break they are still here."""
        return self.response.asks is not Asks.WORRY


def make_receipt(session: Session, actor: Actor, invitation: Invitation) -> Receipt | None:
    """Return the receipt of what was submitted last, None while nothing has been."""
    versions = queries.list_submitted(session, invitation.id)
    if not versions:
        return None
    response, draft = versions[0], queries.find_draft(session, invitation.id)
    municipality = get_municipality(session, invitation.municipality_id)
    pupils = list_shown(session, actor, response.pupils)
    return Receipt(
        response=response,
        versions=versions,
        pupils=pupils,
        figures=response.figures(len(pupils)),
        since=_since(invitation),
        reviewed_by_at=_reviewed_by_at(session, response, pupils),
        change=make_saved(session, actor, draft) if draft else None,
        may_change=invitation.accepts_answers(clock.now()),
        coordinator_name=municipality.coordinator_name,
        coordinator_phone=municipality.coordinator_phone,
    )


def _since(invitation: Invitation) -> str:
    if invitation.back_count is None or invitation.new_count is None:
        return ""
    return since_words(invitation.back_count, invitation.new_count)


def _reviewed_by_at(session: Session, response: Response, pupils: Sequence[ListedPupil]) -> datetime | None:
    """Return when the routine's first step must be done for what still waits for it."""
    waiting = [row for row in pupils if row.status is not None and row.status.state is CaseState.TO_ASSESS]
    if not waiting or response.submitted_at is None:
        return None
    entry = get_current_routine(session, response.municipality_id).entry
    is_urgent = any(row.told.opens_case_at_once for row in waiting)
    calendar = get_calendar(session, response.municipality_id)
    return calendar.due(response.submitted_at, entry.time_allowed(is_urgent=is_urgent))
