"""Freezing a term: everybody sees the same figures until they are frozen anew."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import NotFound
from app.summaries import queries
from app.summaries.models import TermSnapshot
from app.summaries.types import (
    AnswerFigures,
    ChildTable,
    PublishedTerm,
    is_count_due,
    is_last_count,
    tally,
)
from app.surveys.models import SurveyRound
from app.surveys.types import RoundState


def freeze_term(session: Session, municipality_id: UUID, term: str, at: datetime) -> TermSnapshot:
    """Freeze what is to be seen of a term at `at`, and return it; a final one stays as it is.

    Answers are always fresh. Children are counted on the days that `types.reading` allows; in between the table stays
    the one that was published. Raises `NotFound` when the term has no round.
    """
    snapshot = queries.find_snapshot(session, municipality_id, term, lock=True)
    if snapshot is not None and snapshot.is_final:
        return snapshot
    rounds = queries.list_rounds_of_term(session, municipality_id, term)
    first = [each for each in rounds if each.wave == 0]
    if not first:
        raise NotFound("term")
    published = snapshot.published.children if snapshot else None
    today, ends_on = clock.local(at).date(), queries.find_term_end(session, municipality_id, term)
    answers, closes_on = queries.count_answers(session, [each.id for each in first], at)
    last = published.counted_on if published else None
    is_due = _is_answered(first, answers) and is_count_due(today=today, last=last, term_ends_on=ends_on)
    children = _count_children(session, rounds, answers, today) if is_due else published
    snapshot = snapshot or TermSnapshot(municipality_id=municipality_id, term=term)
    snapshot.freeze(
        PublishedTerm(answers, children, waits_until=None if children else closes_on),
        at=at,
        is_final=is_due and is_last_count(today=today, term_ends_on=ends_on),
    )
    session.add(snapshot)
    session.flush()
    if is_due:
        audit.record(session, Actor.system(municipality_id), AuditAction.SUMMARY_FROZEN, snapshot.id)
    return snapshot


def _is_answered(rounds: Sequence[SurveyRound], answers: AnswerFigures) -> bool:
    """Whether no further school's first answer can come."""
    return answers.is_complete or all(each.state is RoundState.CLOSED for each in rounds)


def _count_children(session: Session, rounds: Sequence[SurveyRound], answers: AnswerFigures, today: date) -> ChildTable:
    municipality_id = rounds[0].municipality_id
    alike = queries.list_alike(session, municipality_id, [each.id for each in rounds])
    return ChildTable.publish(tally(alike), counted_on=today, enrolled=answers.enrolled)
