"""Finding how a municipality asks, now and before."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.errors import NotFound
from app.responses.models import QuestionVersion
from app.responses.types import STANDARD, PupilPage, QuestionSet
from app.responses.types.questions import ALL_PAGES


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A question page as a municipality asks it; `number` is the version's, 0 for the product's own."""

    page: PupilPage
    question_set: QuestionSet
    number: int


def find_current_questions(session: Session, municipality_id: UUID) -> QuestionVersion | None:
    """Return the version that holds for answers begun now, None for the product's own questions."""
    return session.scalar(
        select(QuestionVersion)
        .where(QuestionVersion.municipality_id == municipality_id)
        .order_by(QuestionVersion.number.desc())
        .limit(1)
    )


def list_question_versions(session: Session, *, visible_to: Actor) -> Sequence[QuestionVersion]:
    """Return every version of the actor's municipality, the latest first."""
    return session.scalars(
        select(QuestionVersion)
        .where(QuestionVersion.municipality_id == visible_to.municipality_id)
        .order_by(QuestionVersion.number.desc())
    ).all()


def get_asked_page(session: Session, number: int, *, visible_to: Actor) -> AskedPage:
    """Return a question page by its number as the actor's municipality asks it. Raises `NotFound`."""
    if not 1 <= number <= len(ALL_PAGES):
        raise NotFound("question page")
    current = find_current_questions(session, visible_to.municipality_id)
    if current is None:
        return AskedPage(ALL_PAGES[number - 1], STANDARD, 0)
    return AskedPage(ALL_PAGES[number - 1], current.question_set, current.number)
