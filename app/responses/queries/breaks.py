"""Children to look at before a break: worried about, away before, or with a sibling away. A list, never a ranking."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.cases.models import Case, CaseSource, Claim
from app.cases.queries.records import is_visible
from app.cases.types import CaseState, ClaimedBy, Outcome
from app.kernel import clock
from app.kernel.swedish import swedish_key
from app.responses.queries.answers import list_pupils_of_entries
from app.responses.queries.carrying import list_carried_answers
from app.responses.types import AnyYesNo, CarriedAnswer, PupilAnswers, Sibling, SiblingsAnswers
from app.schools.models import SchoolBreak
from app.schools.types import BreakKind
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks

WORRY_LASTS: Final = timedelta(days=366)
"""How long a worry stands on the list when its case is closed: until after the next summer."""
LOOK_BACK: Final = timedelta(days=3 * 366)
"""How far back somebody must have been away to be looked at before a break."""


@dataclass(frozen=True, slots=True)
class Worry:
    """A child whom people at a school worried about before a break, and whether it came back."""

    case: Case
    times: int
    """How many have reported it."""
    worried_at: datetime
    """When the last of them did."""
    told: PupilAnswers
    """What the last of them said; nothing while it is not sent."""
    is_asked: bool
    """Whether a round after the break has asked; until then nobody can have answered."""
    answer: CarriedAnswer | None


@dataclass(frozen=True, slots=True)
class OnceAway:
    """A child who has been away and is back."""

    case: Case
    last_present_on: date | None
    back_on: date | None


@dataclass(frozen=True, slots=True)
class SiblingOfAway:
    """A sibling of a child who is away now, as the school described it; None when all that is known is that it is."""

    case: Case
    sibling: Sibling | None


def list_worries(session: Session, *, visible_to: Actor) -> Sequence[Worry]:
    """Return whom schools worry about, or did before the latest break, each child once, by reference."""
    rows = session.execute(
        select(Case, CaseSource.entry_id, Invitation.submitted_at)
        .join(CaseSource, CaseSource.case_id == Case.id)
        .join(Invitation, Invitation.id == CaseSource.invitation_id)
        .where(is_visible(visible_to), Invitation.asks == Asks.WORRY)
        .options(*_shown())
        .order_by(Case.reference, CaseSource.id)
    ).all()
    entry_ids = [row.entry_id for row in rows]
    told = {pupil.entry_id: pupil.told for pupil in list_pupils_of_entries(session, entry_ids)}
    answers = list_carried_answers(session, entry_ids)
    asked_at = _last_asked_at(session, visible_to.municipality_id)
    worries = [
        _worry(list(reports), told, answers, asked_at)
        for _, reports in groupby(rows, key=lambda row: row.Case.reference)
    ]
    oldest = clock.now() - WORRY_LASTS
    return [each for each in worries if each.case.is_open or each.worried_at > oldest]


def _worry(
    reports: Sequence[Any],
    told: Mapping[UUID, PupilAnswers],
    answers: Mapping[UUID, tuple[CarriedAnswer, datetime]],
    asked_at: datetime | None,
) -> Worry:
    case = reports[0].Case
    last = max(reports, key=lambda row: row.submitted_at or case.opened_at)
    worried_at = last.submitted_at or case.opened_at
    given = [answers[row.entry_id] for row in reports if row.entry_id in answers]
    answer, answered_at = max(given, key=lambda each: each[1], default=(None, None))
    is_about_this_break = answered_at is not None and asked_at is not None and answered_at >= asked_at
    return Worry(
        case=case,
        times=len(reports),
        worried_at=worried_at,
        told=told.get(last.entry_id, PupilAnswers()),
        is_asked=asked_at is not None and asked_at > worried_at,
        answer=answer if is_about_this_break else None,
    )


def list_once_away(session: Session, *, visible_to: Actor) -> Sequence[OnceAway]:
    """Return children who have been away in the last years and are back, each once, by reference."""
    has_come_back = or_(Case.returned_on.is_not(None), Case.outcome.in_((Outcome.RETURNED, Outcome.DELAYED_RETURN)))
    cases = session.scalars(
        _about_missing(visible_to)
        .where(has_come_back, Case.opened_at > clock.now() - LOOK_BACK)
        .order_by(Case.opened_at, Case.id)
    ).unique()
    latest = {case.child_id: case for case in cases}
    found = [OnceAway(case, case.last_present_on, _back_on(case)) for case in latest.values()]
    return sorted(found, key=lambda each: each.case.reference)


def list_siblings_of_away(session: Session, *, visible_to: Actor) -> Sequence[SiblingOfAway]:
    """Return the siblings of children who are away now, by the reference of the child who is away.

    Schools describe them; those they say are missing too have rows of their own. That a child has siblings may be known
    without anybody having said which: the school has answered so, or a sibling has said something in the case.
    """
    cases = session.scalars(
        _about_missing(visible_to)
        .where(Case.state.not_in((CaseState.CLOSED, CaseState.RETURNING)), Case.is_protected.is_(False))
        .order_by(Case.reference, Case.id)
    ).unique()
    by_id = {case.id: case for case in cases}
    told = _siblings_by_case(session, by_id)
    spoken = set(
        session.scalars(
            select(Claim.case_id).where(Claim.case_id.in_(by_id), Claim.claimed_by == ClaimedBy.SIBLING).distinct()
        )
    )
    return [
        SiblingOfAway(case, sibling)
        for case_id, case in by_id.items()
        for sibling in _siblings_here(told.get(case_id, ()), is_known=case_id in spoken)
    ]


def _siblings_here(told: Sequence[SiblingsAnswers], *, is_known: bool) -> Sequence[Sibling | None]:
    """Return the siblings who are not missing, by name; None for those who are only known to exist."""
    described = {each.name or each: each for answers in told for each in answers.siblings}
    if not described:
        return [None] if is_known or any(answers.known is AnyYesNo.YES for answers in told) else []
    here = [each for each in described.values() if each.is_missing is not AnyYesNo.YES]
    return sorted(here, key=lambda each: swedish_key(each.name))


def _siblings_by_case(session: Session, case_ids: Collection[UUID]) -> Mapping[UUID, Sequence[SiblingsAnswers]]:
    """Return what each school has last said of the siblings of a case's child."""
    sources = session.execute(select(CaseSource.entry_id, CaseSource.case_id).where(CaseSource.case_id.in_(case_ids)))
    case_of = {entry_id: case_id for entry_id, case_id in sources if entry_id is not None}
    latest = {pupil.entry_id: pupil.told.siblings for pupil in list_pupils_of_entries(session, list(case_of))}
    found: dict[UUID, list[SiblingsAnswers]] = {}
    for entry_id, told in latest.items():
        if told is not None:
            found.setdefault(case_of[entry_id], []).append(told)
    return found


def _about_missing(actor: Actor) -> Select[Case]:
    """Cases that some school has opened by missing the child, and not only by worrying about it."""
    missed = (
        select(CaseSource.id)
        .join(Invitation, Invitation.id == CaseSource.invitation_id)
        .where(CaseSource.case_id == Case.id, Invitation.asks != Asks.WORRY)
        .exists()
    )
    return select(Case).where(is_visible(actor), missed).options(*_shown())


def _shown() -> tuple[Any, ...]:
    return (joinedload(Case.child), joinedload(Case.school_unit))


def _back_on(case: Case) -> date | None:
    if case.returned_on is not None or case.closed_at is None:
        return case.returned_on
    return clock.local(case.closed_at).date()


def _last_asked_at(session: Session, municipality_id: UUID) -> datetime | None:
    """Return when schools were last asked, for the first time after a break, who has come back."""
    return session.scalar(
        select(SurveyRound.opened_at)
        .where(
            SurveyRound.municipality_id == municipality_id,
            SurveyRound.asks == Asks.RETURN,
            SurveyRound.wave == 0,
            SurveyRound.opened_at.is_not(None),
        )
        .order_by(SurveyRound.opened_at.desc())
        .limit(1)
    )


def find_next_break(session: Session, *, visible_to: Actor) -> tuple[BreakKind, date] | None:
    """Return the break that begins next at any of the municipality's schools, and its first day."""
    row = session.execute(
        select(SchoolBreak.kind, SchoolBreak.starts_on)
        .where(
            SchoolBreak.municipality_id == visible_to.municipality_id,
            SchoolBreak.starts_on >= clock.today(),
            SchoolBreak.kind != BreakKind.DAY_OFF,
        )
        .order_by(SchoolBreak.starts_on, SchoolBreak.id)
        .limit(1)
    ).one_or_none()
    return (row.kind, row.starts_on) if row else None


def list_units_of_cases(session: Session, case_ids: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """Return the school units that have reported each case, by case."""
    rows = session.execute(
        select(CaseSource.case_id, CaseSource.school_unit_id).where(CaseSource.case_id.in_(list(case_ids)))
    )
    found: dict[UUID, set[UUID]] = {}
    for case_id, unit_id in rows:
        found.setdefault(case_id, set()).add(unit_id)
    return {case_id: frozenset(units) for case_id, units in found.items()}
