"""Asking another way from now on. Answers already begun keep the questions they were begun under."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import Conflict, Refused
from app.responses.models import QuestionVersion
from app.responses.queries.question_sets import find_current_questions
from app.responses.types import STANDARD, AdoptQuestions


def adopt_questions(session: Session, actor: Actor, command: AdoptQuestions) -> QuestionVersion:
    """Adopt a new version of the questions, with one page asked another way.

    Raises `Conflict` when somebody adopted another version meanwhile, and `Refused` when nothing is changed.
    """
    current = find_current_questions(session, actor.municipality_id)
    number, before = (current.number, current.question_set) if current else (0, STANDARD)
    if command.number != number:
        raise Conflict("question_version")
    after = command.change(before)
    if after == before:
        raise Refused("questions_unchanged")
    version = QuestionVersion(
        municipality_id=actor.municipality_id,
        number=number + 1,
        settings=after.to_dict(),
        adopted_at=clock.now(),
        by_id=actor.account_id,
    )
    session.add(version)
    session.flush()
    audit.record(session, actor, AuditAction.QUESTIONS_ADOPTED, version.id, number=version.number)
    return version
