"""Pupils as the school's own list shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.queries import list_reported_status
from app.cases.types import ReportedStatus
from app.responses import queries
from app.responses.models import MissingPupil
from app.responses.pages.summary import ENDPOINTS, name_of, optional_words, question, unanswered_words
from app.responses.types import PupilAnswers, PupilPage, ReportMade


@dataclass(frozen=True, slots=True)
class ListedPupil:
    """A row of the absence list. `status` is there once the coordinator has a case."""

    pupil: MissingPupil
    told: PupilAnswers
    name: str
    place: int
    of: int
    unanswered: str
    optional: str
    status: ReportedStatus | None
    returned_at: datetime | None

    @property
    def state(self) -> str:
        """How far the pupil has come, as tags are called."""
        return "DONE" if self.pupil.is_complete else "NOT_STARTED" if self.told.is_untouched else "STARTED"

    @property
    def is_to_be_reported_today(self) -> bool:
        """Whether the school has said that it reports its concern the same day."""
        return self.told.concern is not None and self.told.concern.report is ReportMade.TODAY

    @property
    def next_page(self) -> PupilPage:
        """Where one goes on describing the pupil: the first question that must still be answered, or the first."""
        return next(iter(self.told.missing_required(self.pupil.questions)), PupilPage.URGENT)

    @property
    def next_url(self) -> str:
        """The address of that question."""
        return url_for(ENDPOINTS[self.next_page], pupil_id=self.pupil.id)

    @property
    def next_question(self) -> str:
        """The words of that question."""
        return question(self.next_page)


def list_shown(session: Session, actor: Actor, pupils: Sequence[MissingPupil]) -> list[ListedPupil]:
    """Return pupils as the school's own list shows them, with the status of what was reported."""
    entry_ids = [pupil.entry_id for pupil in pupils]
    status = list_reported_status(session, entry_ids, visible_to=actor)
    returned = queries.list_returned(session, entry_ids)
    return [_listed(pupil, place, len(pupils), status, returned) for place, pupil in enumerate(pupils, 1)]


def _listed(
    pupil: MissingPupil,
    place: int,
    of: int,
    status: Mapping[UUID, ReportedStatus],
    returned: Mapping[UUID, datetime],
) -> ListedPupil:
    told = pupil.told
    return ListedPupil(
        pupil=pupil,
        told=told,
        name=name_of(pupil, told),
        place=place,
        of=of,
        unanswered=unanswered_words(told, pupil.questions),
        optional=optional_words(told, pupil.questions),
        status=status.get(pupil.entry_id),
        returned_at=returned.get(pupil.entry_id),
    )
