"""What a term's figures are counted from: one statement for the answers, one for cases, one for explained pupils."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, extract, func, null, select, union
from sqlalchemy.orm import Session, aliased

from app.cases.models import Case, CaseSource
from app.kernel import clock
from app.kernel.swedish import swedish_key
from app.pupils.types import GradeBand
from app.referrals.models import ReportOfConcern
from app.responses.models import MissingPupil, PupilReturn, Response
from app.responses.queries import is_replaced
from app.responses.types import ResponseState
from app.schools.models import SchoolUnit, SchoolYear, Term
from app.schools.types import TermKind
from app.summaries.types import Alike, AnswerFigures, is_autumn, term_order, year_of
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks, RoundState


def list_rounds_of_term(session: Session, municipality_id: UUID, term: str) -> Sequence[SurveyRound]:
    """Return the rounds of a term that asked who has come back, follow-ups too."""
    return session.scalars(
        select(SurveyRound)
        .where(SurveyRound.municipality_id == municipality_id, SurveyRound.term == term, *asked_who_came_back())
        .order_by(SurveyRound.opened_at, SurveyRound.id)
    ).all()


def asked_who_came_back() -> tuple[ColumnElement[bool], ...]:
    """Return what makes a round one whose answers are a term's figures: planned and cancelled ones have none."""
    return (SurveyRound.asks == Asks.RETURN, SurveyRound.state.in_((RoundState.OPEN, RoundState.CLOSED)))


def find_term_end(session: Session, municipality_id: UUID, term: str) -> date | None:
    """Return the last day of a term for the organiser that ends it last; None when nobody has set the day."""
    order = term_order(term)
    return session.scalar(
        select(func.max(Term.ends_on))
        .join(SchoolYear, SchoolYear.id == Term.school_year_id)
        .where(
            Term.municipality_id == municipality_id,
            Term.kind == (TermKind.AUTUMN if is_autumn(order) else TermKind.SPRING),
            extract("year", Term.ends_on) == year_of(order),
        )
    )


def count_answers(session: Session, rounds: Sequence[UUID], at: datetime) -> tuple[AnswerFigures, date | None]:
    """Return who has answered in some rounds, and the last day on which anybody may."""
    rows = session.execute(
        select(SchoolUnit.name, SchoolUnit.enrolled, Invitation.submitted_at, Invitation.due_at, Invitation.closes_at)
        .join(SchoolUnit, SchoolUnit.id == Invitation.school_unit_id)
        .where(Invitation.round_id.in_(rounds))
        .order_by(SchoolUnit.name, Invitation.id)
    ).all()
    enrolled = session.scalar(
        select(func.sum(Response.enrolled)).where(Response.id.in_(_submitted(rounds).with_only_columns(Response.id)))
    )
    answers = AnswerFigures(
        units=len(rows),
        answered=sum(row.submitted_at is not None for row in rows),
        enrolled=enrolled or 0,
        enrolled_in_all=sum(row.enrolled or 0 for row in rows),
        silent=tuple(
            sorted({row.name for row in rows if row.submitted_at is None and row.due_at <= at}, key=swedish_key)
        ),
    )
    return answers, max((clock.local(row.closes_at).date() for row in rows), default=None)


def list_alike(session: Session, municipality_id: UUID, rounds: Sequence[UUID]) -> list[Alike]:
    """Return the children reported missing in some rounds, in groups of those who went through the same.

    A child has a case, joined by every school that reports it, or was explained with evidence at once and has none. It
    is counted once, in however many follow-ups it was still missing.
    """
    statements = (_with_case(municipality_id, rounds), _explained(rounds))
    return [_group(row) for statement in statements for row in session.execute(statement)]


def _with_case(municipality_id: UUID, rounds: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    begun = (
        select(CaseSource.case_id)
        .join(Invitation, Invitation.id == CaseSource.invitation_id)
        .where(Invitation.round_id.in_(rounds))
    )
    # A child of an earlier term, or one that was worried about, has its case since then and is missing in this one too.
    answered = _submitted(rounds).subquery()
    listed = (
        select(CaseSource.case_id)
        .join(MissingPupil, MissingPupil.entry_id == CaseSource.entry_id)
        .join(answered, answered.c.id == MissingPupil.response_id)
    )
    counted = union(begun, listed).subquery()
    acknowledged = (
        select(ReportOfConcern.case_id, func.min(ReportOfConcern.acknowledged_at).label("at"))
        .where(ReportOfConcern.municipality_id == municipality_id, ReportOfConcern.acknowledged_at.is_not(None))
        .group_by(ReportOfConcern.case_id)
        .subquery()
    )
    columns = (
        Case.grade_band,
        _day(Case.opened_at),
        _day(Case.located_at),
        _day(Case.reported_at),
        _day(acknowledged.c.at),
        Case.returned_on,
    )
    # Begun at the sources, whose round is theirs: asked for by municipality, every case there ever was would be read.
    return (
        select(func.count(), *_units(Case.school_unit_id), *columns)
        .select_from(counted)
        .join(Case, Case.id == counted.c.case_id)
        .outerjoin(acknowledged, acknowledged.c.case_id == Case.id)
        .group_by(*columns)
    )


def _explained(rounds: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    """Pupils whose explanation was verified when they were reported: located the same day, and never reported on."""
    answered = _submitted(rounds).subquery()
    again, later = aliased(MissingPupil), _submitted(rounds).subquery()
    is_repeated = (
        select(again.id)
        .join(later, later.c.id == again.response_id)
        .where(again.entry_id == MissingPupil.entry_id, later.c.submitted_at > answered.c.submitted_at)
        .exists()
    )
    has_case = select(CaseSource.id).where(CaseSource.entry_id == MissingPupil.entry_id).exists()
    columns = (MissingPupil.grade_band, _day(answered.c.submitted_at), _day(PupilReturn.reported_at))
    band, submitted, returned = columns
    units = _units(answered.c.school_unit_id)
    return (
        select(func.count(), *units, band, submitted, submitted.label("located"), null(), null(), returned)
        .join(answered, answered.c.id == MissingPupil.response_id)
        .outerjoin(PupilReturn, PupilReturn.entry_id == MissingPupil.entry_id)
        .where(~has_case, ~is_repeated, MissingPupil.is_withheld.is_(False))
        .group_by(*columns)
    )


def _submitted(rounds: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    """The version of each answer that holds: the one submitted last."""
    return (
        select(Response.id, Response.school_unit_id, Response.submitted_at)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .where(Invitation.round_id.in_(rounds), Response.state == ResponseState.SUBMITTED, ~is_replaced())
    )


def _day(moment: Any) -> Any:
    """The day of a moment, in UTC: days between are what matters, and one hour of the night does not."""
    return func.date(moment)


def _units(unit_id: Any) -> tuple[Any, Any]:
    """The first and the last of the school units, one and the same when there is only one."""
    text = cast(unit_id, String)
    return func.min(text), func.max(text)


def _group(row: Any) -> Alike:
    children, first_unit, last_unit, band, *days = row
    missing, located, reported, acknowledged, returned = (_as_date(day) for day in days)
    if missing is None:
        raise ValueError("a child is reported missing on some day")
    units = frozenset((first_unit, last_unit))
    band = GradeBand(band or GradeBand.OTHER)
    return Alike(children, band, units, missing, located, reported, acknowledged, returned)


def _as_date(day: date | str | None) -> date | None:
    """Return a day as both databases give it; SQLite has no type for days that a function returns."""
    return date.fromisoformat(day) if isinstance(day, str) else day
