"""One case and what is kept with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.access.actor import Actor, Role
from app.cases.models import Case, CaseNote, CaseSource, Claim, Deadline, SameChildSuggestion
from app.cases.types import (
    NOT_NEUTRAL,
    Branch,
    CaseState,
    DeadlineKind,
    Outcome,
    ReportedStatus,
    SuggestionReason,
    recommended_branch,
)
from app.kernel.errors import NotFound
from app.pupils.models import Child
from app.surveys.models import Invitation
from app.surveys.queries import is_own


def is_visible(visible_to: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor may see a case: coordinators, in their own municipality."""
    if visible_to.role is not Role.COORDINATOR:
        return false()
    return Case.municipality_id == visible_to.municipality_id


def get_case(session: Session, case_id: UUID, *, visible_to: Actor) -> Case:
    """Return a case with its child and school unit. Raises `NotFound`."""
    case = session.scalar(_whole().where(Case.id == case_id, is_visible(visible_to)))
    if case is None:
        raise NotFound("case")
    return case


@dataclass(frozen=True, slots=True)
class ClaimOfCase:
    """A claim with its case; who looks at it looks at the case."""

    case: Case
    claim: Claim

    @property
    def id(self) -> UUID:
        """What is traced: the case."""
        return self.case.id


@dataclass(frozen=True, slots=True)
class NoteOfCase:
    """A line of the chronology with its case, likewise."""

    case: Case
    note: CaseNote

    @property
    def id(self) -> UUID:
        """What is traced: the case."""
        return self.case.id


def get_claim(session: Session, case_id: UUID, claim_id: UUID, *, visible_to: Actor) -> ClaimOfCase:
    """Return a claim of a case the actor may see. Raises `NotFound`."""
    case = get_case(session, case_id, visible_to=visible_to)
    claim = session.scalar(select(Claim).where(Claim.id == claim_id, Claim.case_id == case.id))
    if claim is None:
        raise NotFound("claim")
    return ClaimOfCase(case, claim)


def get_note(session: Session, case_id: UUID, note_id: UUID, *, visible_to: Actor) -> NoteOfCase:
    """Return a line of the chronology of a case the actor may see. Raises `NotFound`."""
    case = get_case(session, case_id, visible_to=visible_to)
    note = session.scalar(select(CaseNote).where(CaseNote.id == note_id, CaseNote.case_id == case.id))
    if note is None:
        raise NotFound("note")
    return NoteOfCase(case, note)


def list_cases_by_id(session: Session, case_ids: Collection[UUID], *, visible_to: Actor) -> Sequence[Case]:
    """Return those of the cases that the actor may see, by reference."""
    return session.scalars(
        select(Case).where(Case.id.in_(case_ids), is_visible(visible_to)).order_by(Case.reference, Case.id)
    ).all()


def find_case(session: Session, municipality_id: UUID, case_id: UUID) -> Case | None:
    """Return a case with its child and school unit, for a use case that acts on behalf of whoever may not read it."""
    return session.scalar(_whole().where(Case.id == case_id, Case.municipality_id == municipality_id))


def find_case_of_entry(session: Session, municipality_id: UUID, entry_id: UUID) -> Case | None:
    """Return the case a school's row led to, likewise."""
    return session.scalar(
        _whole()
        .join(CaseSource, CaseSource.case_id == Case.id)
        .where(CaseSource.entry_id == entry_id, Case.municipality_id == municipality_id)
    )


def find_open_case(session: Session, child_id: UUID) -> Case | None:
    """Return the open case of a child."""
    return session.scalar(_whole().where(Case.child_id == child_id, Case.state != CaseState.CLOSED))


def find_source(session: Session, entry_id: UUID) -> CaseSource | None:
    """Return the source that a school's row became."""
    return session.scalar(select(CaseSource).where(CaseSource.entry_id == entry_id))


def get_case_of_source(session: Session, source: CaseSource) -> Case:
    """Return the case a source belongs to."""
    return session.scalars(_whole().where(Case.id == source.case_id)).one()


def get_child(session: Session, case: Case) -> Child:
    """Return the child of a case."""
    return session.get_one(Child, case.child_id)


def list_sources(session: Session, case: Case) -> Sequence[CaseSource]:
    """Return who has reported the child, with their school units, the first first."""
    return session.scalars(
        select(CaseSource)
        .where(CaseSource.case_id == case.id)
        .options(joinedload(CaseSource.school_unit))
        .order_by(CaseSource.school_unit_id != case.school_unit_id, CaseSource.id)
    ).all()


def count_sources(session: Session, case: Case) -> int:
    """Return how many rows of schools led to a case."""
    return session.scalar(select(func.count()).select_from(CaseSource).where(CaseSource.case_id == case.id)) or 0


def list_notes(session: Session, case: Case) -> Sequence[CaseNote]:
    """Return the chronology, what happened last first."""
    return session.scalars(
        select(CaseNote)
        .where(CaseNote.case_id == case.id)
        .order_by(CaseNote.happened_at.desc(), CaseNote.recorded_at.desc(), CaseNote.id)
    ).all()


def list_claims(session: Session, case: Case) -> Sequence[Claim]:
    """Return what is said, in the order it was written down."""
    return session.scalars(select(Claim).where(Claim.case_id == case.id).order_by(Claim.recorded_at, Claim.id)).all()


def list_deadlines(session: Session, case: Case) -> Sequence[Deadline]:
    """Return every deadline of a case, by when it is due."""
    return session.scalars(
        select(Deadline).where(Deadline.case_id == case.id).order_by(Deadline.due_at, Deadline.id)
    ).all()


def list_running_deadlines(session: Session, case_id: UUID, *kinds: DeadlineKind) -> Sequence[Deadline]:
    """Return the deadlines that still have to be met, of the kinds named or of all, the earliest first."""
    statement = select(Deadline).where(
        Deadline.case_id == case_id, Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None)
    )
    if kinds:
        statement = statement.where(Deadline.kind.in_(kinds))
    return session.scalars(statement.order_by(Deadline.due_at, Deadline.id)).all()


def list_earlier_cases(session: Session, case: Case) -> Sequence[Case]:
    """Return the other cases of the same child, the latest first."""
    return session.scalars(
        select(Case)
        .where(Case.child_id == case.child_id, Case.id != case.id, Case.municipality_id == case.municipality_id)
        .order_by(Case.opened_at.desc(), Case.id)
    ).all()


def suggestions_by_case(
    session: Session, case_ids: Sequence[UUID], *, visible_to: Actor
) -> Mapping[UUID, Sequence[tuple[Case, SuggestionReason]]]:
    """Return the other open cases that may be about the same child, with the reasons, by case."""
    other = aliased(Case)
    found: dict[UUID, list[tuple[Case, SuggestionReason]]] = {}
    for near, far in (
        (SameChildSuggestion.case_id, SameChildSuggestion.other_case_id),
        (SameChildSuggestion.other_case_id, SameChildSuggestion.case_id),
    ):
        rows = session.execute(
            select(near, other, SameChildSuggestion.reason)
            .join(other, other.id == far)
            .where(
                near.in_(case_ids),
                other.state != CaseState.CLOSED,
                SameChildSuggestion.municipality_id == visible_to.municipality_id,
            )
            .options(joinedload(other.child), joinedload(other.school_unit))
            .order_by(other.reference)
        )
        for case_id, case, reason in rows:
            found.setdefault(case_id, []).append((case, reason))
    return found


def exists_suggestion(session: Session, case_id: UUID, other_case_id: UUID) -> bool:
    """Tell whether it has been suggested, either way round, that two cases are about one child."""
    pair = SameChildSuggestion
    return (
        session.scalar(
            select(pair.id).where(
                or_(
                    and_(pair.case_id == case_id, pair.other_case_id == other_case_id),
                    and_(pair.case_id == other_case_id, pair.other_case_id == case_id),
                )
            )
        )
        is not None
    )


def get_recommendation(session: Session, case: Case) -> Branch:
    """Return the way that the claims of a case and their evidence point to."""
    return recommended_branch((claim.to_new_claim(), claim.is_verified) for claim in list_claims(session, case))


def find_refusal(session: Session, case: Case, outcome: Outcome) -> str | None:
    """Return why a case may not end with an outcome whatever is shown for it, or None when it may."""
    if list_running_deadlines(session, case.id, DeadlineKind.REPORT_ACKNOWLEDGEMENT):
        return "report_is_unacknowledged"
    if outcome in NOT_NEUTRAL and case.is_concern_open:
        return "concern_is_open"
    if outcome is Outcome.UNKNOWN and case.reported_at is None:
        return "unknown_is_not_reported"
    return None


def list_reported_status(
    session: Session, entry_ids: Sequence[UUID], *, visible_to: Actor
) -> Mapping[UUID, ReportedStatus]:
    """Return reference and state of what a school unit reported, by its row: all that a school may know of a case.

    Rows of units that the actor does not answer for today are left out, but for what the actor has begun alone.
    """
    rows = session.execute(
        select(CaseSource.entry_id, Case.reference, Case.state)
        .join(Case, Case.id == CaseSource.case_id)
        .where(
            CaseSource.entry_id.in_(entry_ids),
            CaseSource.municipality_id == visible_to.municipality_id,
            CaseSource.invitation_id.in_(select(Invitation.id).where(is_own(visible_to))),
        )
        .order_by(Case.reference)
    )
    return {entry_id: ReportedStatus(reference, state) for entry_id, reference, state in rows if entry_id}


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """How it goes with a case, for a use case that acts on behalf of whoever may not read it."""

    case_id: UUID
    state: CaseState
    outcome: Outcome | None
    returned_on: date | None
    """When the child was seen back; None while nobody has confirmed it."""
    review_on: date | None

    def is_over(self, on: date) -> bool:
        """Whether the case is closed with what still holds: somebody knows where the child is, and not only until now.

        A stay, a leave or an illness has a day when somebody looks again; from then on it explains nothing.
        """
        is_known = self.outcome not in (None, Outcome.UNKNOWN)
        return is_known and (self.review_on is None or self.review_on > on)


def list_standings(session: Session, municipality_id: UUID, entry_ids: Collection[UUID]) -> Mapping[UUID, CaseStanding]:
    """Return how it goes with the cases that schools' rows led to, by row."""
    rows = session.execute(
        select(CaseSource.entry_id, Case.id, Case.state, Case.outcome, Case.returned_on, Case.review_on)
        .join(Case, Case.id == CaseSource.case_id)
        .where(CaseSource.entry_id.in_(entry_ids), Case.municipality_id == municipality_id)
    )
    return {
        row.entry_id: CaseStanding(row.id, row.state, row.outcome, row.returned_on, row.review_on)
        for row in rows
        if row.entry_id
    }


def _whole() -> Select[Case]:
    return select(Case).options(joinedload(Case.child), joinedload(Case.school_unit))
