"""One question about one pupil: which of how many, where it leads, and what the coordinator already knows."""

from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.queries import list_reported_status
from app.responses.documents import word
from app.responses.models import MissingPupil
from app.responses.pages.answer import AnswerPage
from app.responses.pages.summary import ENDPOINTS, name_of, question
from app.responses.types import PupilPage, Questions


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """What every question page knows. `reference` is the case's, None while there is none."""

    answer: AnswerPage
    pupil: MissingPupil
    page: PupilPage
    name: str
    place: int
    of: int
    reference: str | None

    @property
    def unit_name(self) -> str:
        """The school one answers for: a principal may have several."""
        return self.answer.invitation.school_unit.name

    @property
    def title(self) -> str:
        """The question."""
        return question(self.page)

    @property
    def number(self) -> int:
        """Which question it is."""
        return self.questions.number(self.page)

    @property
    def count(self) -> int:
        """How many questions there are."""
        return len(self.questions.pages)

    @property
    def questions(self) -> Questions:
        """What is asked about the pupil."""
        return self.pupil.questions

    @property
    def following_url(self) -> str | None:
        """Where the question after this one is, None after the last."""
        following = self.questions.following(self.page)
        return url_for(ENDPOINTS[following], pupil_id=self.pupil.id) if following else None

    @property
    def action(self) -> str:
        """Where the form is sent: here, remembering where one came from."""
        return url_for(ENDPOINTS[self.page], pupil_id=self.pupil.id, fran=request.args.get("fran"))

    @property
    def back_text(self) -> str:
        """The words of the back link."""
        if request.args.get("fran"):
            return "Kontrollera och skicka in"
        preceding = self.questions.preceding(self.page)
        return question(preceding) if preceding else self.answer.words.list_link

    @property
    def back_url(self) -> str:
        """Where the back link leads."""
        if request.args.get("fran"):
            return url_for("responses.submit_response", invitation_id=self.answer.invitation.id)
        if (preceding := self.questions.preceding(self.page)) is not None:
            return url_for(ENDPOINTS[preceding], pupil_id=self.pupil.id)
        return self.list_url

    @property
    def list_url(self) -> str:
        """The absence list."""
        return url_for("responses.list_missing_pupils", invitation_id=self.answer.invitation.id)

    @property
    def ticked(self) -> list[str]:
        """What was ticked as urgent, in words."""
        urgent = self.pupil.told.urgent
        return [word(sign) for sign in urgent.signs] if urgent else []

    def find_reference(self, session: Session, actor: Actor) -> str | None:
        """Return the reference of the pupil's case as it is now."""
        status = list_reported_status(session, [self.pupil.entry_id], visible_to=actor).get(self.pupil.entry_id)
        return status.reference if status else None


def make_question(answer: AnswerPage, pupil: MissingPupil, page: PupilPage) -> QuestionPage:
    """Return the page of one question."""
    row = next(row for row in answer.pupils if row.pupil.id == pupil.id)
    told = pupil.told
    return QuestionPage(
        answer=answer,
        pupil=pupil,
        page=page,
        name=name_of(pupil, told),
        place=row.place,
        of=row.of,
        reference=row.status.reference if row.status else None,
    )
