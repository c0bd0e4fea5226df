"""One case in words: what is on top, what is next, what is beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.queries import names_by_id
from app.audit.queries import list_readings
from app.audit.types import AuditAction
from app.cases import queries
from app.cases.forms.words import BRANCHES, CONTACT, DEADLINES, OUTCOMES, PROOFS, SUGGESTIONS
from app.cases.models import Case, CaseNote, Deadline
from app.cases.pages.chronology import (
    ClaimLine,
    Event,
    Names,
    claim_text,
    make_claim_lines,
    make_events,
)
from app.cases.pages.queue import DO_NOT_CONTACT
from app.cases.types import DATES, CaseState, DeadlineKind, NoteKind
from app.cases.types import PROOFS as PROOFS_OF
from app.kernel import clock
from app.kernel.identity_number import IdentityKind
from app.routine.models import LegalReference
from app.routine.queries import get_routine, list_references
from app.routine.types import Place, Routine, Step, StepAction
from app.schools.models import Municipality, SchoolUnit
from app.schools.queries import get_municipality
from app.surveys.models import SurveyRound

SECRECY_AT_SCHOOL, SECRECY_OF_REPORT = "osl-23-2", "osl-40-7g"
_REPORTS = {
    NoteKind.REPORT_HANDED_OVER: "HANDED_OVER",
    NoteKind.REPORT_ACKNOWLEDGED: "ACKNOWLEDGED",
    NoteKind.REPORT_ANSWERED: "ANSWERED",
}
NUMBER_WORDS = {
    IdentityKind.PERSONAL: "Personnummer",
    IdentityKind.COORDINATION: "Samordningsnummer",
    IdentityKind.TEMPORARY: "TF-nummer",
    IdentityKind.NONE: "",
}


Readings = Sequence[tuple[UUID, datetime]]


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A deadline that runs."""

    label: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Who has read a case, and how often."""

    name: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with everything its page shows."""

    case: Case
    municipality: Municipality
    routine: Routine
    survey_round: SurveyRound | None
    assignee: str | None
    claims: Sequence[ClaimLine]
    events: Sequence[Event]
    deadlines: Sequence[DeadlineLine]
    has_news: bool
    other_names: Sequence[str]
    """Names that have come with the child's number and have no word in common with the child's."""
    is_said_protected: bool
    units: Sequence[SchoolUnit]
    likenesses: Sequence[tuple[Case, str]]
    earlier: Sequence[tuple[Case, str]]
    reports: Mapping[str, str]
    readers: Sequence[Reader]
    references: Mapping[str, LegalReference]

    @property
    def step(self) -> Step | None:
        """The step the case stands at."""
        return self.routine.step(self.case.step_key) if self.case.step_key else None

    @property
    def place(self) -> Place | None:
        """Where on its way the step stands."""
        return self.routine.place(self.step) if self.step else None

    @property
    def law(self) -> LegalReference | None:
        """What the step rests on, as it stands today."""
        return self.references.get(self.step.legal_reference_key or "") if self.step else None

    @property
    def secrecy(self) -> LegalReference | None:
        """The secrecy of the case: stronger from the day a report of concern was handed over."""
        strong = self.references.get(SECRECY_OF_REPORT) if self.case.reported_at else None
        return strong or self.references.get(SECRECY_AT_SCHOOL)

    @property
    def branch(self) -> str:
        """The way chosen, in words."""
        return BRANCHES[self.case.branch][0] if self.case.branch else ""

    @property
    def contact(self) -> str:
        """Whether guardians may be contacted, in words."""
        return CONTACT[self.case.contact_safety][0]

    @property
    def may_not_contact(self) -> bool:
        """Whether guardians must not be contacted."""
        return self.case.contact_safety in DO_NOT_CONTACT

    @property
    def outcome(self) -> str:
        """How it ended, in words."""
        return OUTCOMES[self.case.outcome][0] if self.case.outcome else ""

    @property
    def evidence(self) -> list[tuple[str, str | date]]:
        """What the outcome was shown by: question and answer."""
        found, outcome = self.case.outcome_evidence, self.case.outcome
        if outcome is None:
            return []
        return [
            (PROOFS[proof][0], date.fromisoformat(found[proof]) if proof in DATES else found[proof])
            for proof in PROOFS_OF[outcome]
        ]

    @property
    def number(self) -> str:
        """The child's number as people write it."""
        twelve = self.case.child.identity_number or ""
        return f"{twelve[:8]}-{twelve[8:]}"

    @property
    def times_read(self) -> int:
        """How often the case has been read."""
        return sum(reader.times for reader in self.readers)

    @property
    def is_pressing(self) -> bool:
        """Whether the clock runs out today or has done so."""
        due_at = self.case.next_due_at
        return due_at is not None and clock.local(due_at).date() <= clock.today()

    @property
    def number_label(self) -> str:
        """What kind of number the child has."""
        return NUMBER_WORDS[self.case.child.identity_kind]

    @property
    def home(self) -> str:
        """The home municipality, as far as it is known."""
        code = self.case.child.home_municipality_code
        if code is None:
            return "okänd"
        if code != self.municipality.code:
            return f"annan kommun ({code})"
        return self.municipality.name.removesuffix(" kommun")

    @property
    def may_wait(self) -> bool:
        """Whether others can be given their time."""
        return self.case.state is CaseState.INVESTIGATING

    @property
    def may_be_assessed(self) -> bool:
        """Whether another way can be chosen."""
        return self.case.state in (CaseState.INVESTIGATING, CaseState.WAITING)

    @property
    def may_be_departed_from(self) -> bool:
        """Whether the step can be left out with reasons."""
        return self.step is not None and self.step.action in (StepAction.REPORT, StepAction.COMPLETE)


def make_case_page(session: Session, actor: Actor, case: Case, readings: Readings) -> CasePage:
    """Return everything that a case's page shows, in a number of questions that does not grow with the case."""
    notes, claims = queries.list_notes(session, case), queries.list_claims(session, case)
    routine = get_routine(session, case.routine_version_id, visible_to=actor)
    running = queries.list_running_deadlines(session, case.id)
    sources = queries.list_sources(session, case)
    accounts = {claim.verified_by_id for claim in claims if claim.verified_by_id} | {each for each, _ in readings}
    accounts |= {case.assignee_id} if case.assignee_id else set()
    names = names_by_id(session, accounts, visible_to=actor)
    likenesses = queries.suggestions_by_case(session, [case.id], visible_to=actor).get(case.id, ())
    texts = Names(
        units={str(source.school_unit_id): source.school_unit.name for source in sources},
        claims={str(claim.id): claim_text(claim).rstrip(".") for claim in claims},
    )
    return CasePage(
        case=case,
        municipality=get_municipality(session, case.municipality_id),
        routine=routine,
        survey_round=session.get(SurveyRound, case.round_id) if case.round_id else None,
        assignee=names.get(case.assignee_id) if case.assignee_id else None,
        claims=make_claim_lines(claims, names),
        events=make_events(notes, texts),
        deadlines=[DeadlineLine(_label(routine, each), each.due_at) for each in running],
        has_news=any(each.kind is DeadlineKind.NEW_INFORMATION for each in running),
        other_names=_other_names(notes),
        is_said_protected=any(each.kind is DeadlineKind.PROTECTION for each in running),
        units=list({source.school_unit_id: source.school_unit for source in sources}.values()),
        likenesses=[(other, SUGGESTIONS[reason]) for other, reason in likenesses],
        earlier=[(each, OUTCOMES[each.outcome][0] if each.outcome else "") for each in _earlier(session, case)],
        reports=_reports(notes),
        readers=make_readers(readings, names),
        references=_references(session, routine, case),
    )


def _other_names(notes: Sequence[CaseNote]) -> list[str]:
    told = [note.details or {} for note in notes if note.kind is NoteKind.OTHER_NAME]
    return sorted({details["name"] for details in told if "name" in details})


def make_readers(readings: Readings, names: Mapping[UUID, str]) -> list[Reader]:
    """Return who has read, who read last first."""
    times: dict[UUID, list[datetime]] = {}
    for account_id, at in readings:
        times.setdefault(account_id, []).append(at)
    readers = [Reader(names.get(each, "Borttaget konto"), len(found), max(found)) for each, found in times.items()]
    return sorted(readers, key=lambda reader: reader.last_at, reverse=True)


def list_readers(session: Session, actor: Actor, readings: Readings) -> list[Reader]:
    """Return who has read a case."""
    return make_readers(readings, names_by_id(session, {each for each, _ in readings}, visible_to=actor))


def list_case_readings(session: Session, actor: Actor, case: Case) -> Readings:
    """Return each reading of a case: who and when. Its session must be younger than the reading to be counted."""
    return [
        (reading.account_id, reading.at)
        for reading in list_readings(session, case.id, visible_to=actor)
        if reading.account_id and reading.action == AuditAction.CASE_READ
    ]


def _earlier(session: Session, case: Case) -> Sequence[Case]:
    return () if case.is_protected else queries.list_earlier_cases(session, case)


def _label(routine: Routine, deadline: Deadline) -> str:
    if deadline.kind is DeadlineKind.STEP:
        return routine.step(deadline.label_key).title
    return DEADLINES[deadline.kind]


def _reports(notes: Sequence[CaseNote]) -> dict[str, str]:
    """Return the state of each report of concern that the chronology tells of, by reference."""
    states: dict[str, str] = {}
    for note in sorted(notes, key=lambda note: list(_REPORTS).index(note.kind) if note.kind in _REPORTS else -1):
        if note.kind in _REPORTS and note.details:
            states[note.details["report_reference"]] = _REPORTS[note.kind]
    return dict(sorted(states.items()))


def _references(session: Session, routine: Routine, case: Case) -> dict[str, LegalReference]:
    step_key = routine.step(case.step_key).legal_reference_key if case.step_key else None
    return dict(list_references(session, [SECRECY_AT_SCHOOL, SECRECY_OF_REPORT, step_key], clock.today()))
