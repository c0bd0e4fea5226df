"""What can be asked to be done with a case, and what others are told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.cases.types.rules import DATES, FUTURE, PAST, PROOFS
from app.cases.types.words import (
    CaseState,
    ClaimedBy,
    ContactSafety,
    Evidence,
    NoteKind,
    OpenReason,
    Outcome,
    Proof,
    QueueTime,
    Whereabouts,
)
from app.pupils.types import ChildIdentity, GradeBand
from app.routine.types import Branch


@dataclass(frozen=True, slots=True, repr=False)
class NewClaim:
    """What somebody says, apart from what there is to show for it."""

    text: str
    claimed_by: ClaimedBy
    claimed_on: date | None = None
    evidence: Evidence = Evidence.NONE
    evidence_text: str | None = None
    whereabouts: Whereabouts | None = None
    """Where it places the child, None when it is about something else."""


@dataclass(frozen=True, slots=True, repr=False)
class OpenCase:
    """A child that a school unit misses, or that somebody has reported concern for.

    `entry_id` is the school's row for the child: the same row always leads to the same case. It is None for a report of
    concern written on its own. `is_missed` says that the school misses the child, and does not only fear for it. `note`
    is in the school's own words and may be empty. `is_protected` says that the personal data turned out to be
    protected: what the case knows of who the child is goes. `is_said_protected` says so of a child that others have
    told of too: nothing goes until a coordinator has confirmed it.
    """

    identity: ChildIdentity
    reason: OpenReason
    school_unit_id: UUID
    entry_id: UUID | None
    school_class: str | None = None
    grade_band: GradeBand | None = None
    round_id: UUID | None = None
    invitation_id: UUID | None = None
    last_present_on: date | None = None
    contact_safety: ContactSafety = ContactSafety.UNKNOWN
    contact_safety_by: str | None = None
    claims: tuple[NewClaim, ...] = ()
    note: str = ""
    is_missed: bool = False
    is_protected: bool = False
    is_said_protected: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class AddNote:
    """Something that happened, in the words of who knows."""

    kind: NoteKind
    happened_at: datetime
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class CorrectNote:
    """What an earlier note should have said; the earlier stays, struck through."""

    happened_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class AssessCase:
    """The way chosen, with a motivation where it is not the one that the evidence points to."""

    branch: Branch
    version: int
    motivation: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CompleteStep:
    """What was done at the step the person had before them; `departs` says that it was not, and why."""

    step_key: str
    version: int
    text: str = field(repr=False)
    departs: bool = False


@dataclass(frozen=True, slots=True)
class SetContactSafety:
    """Whether guardians may be contacted, and who judged it."""

    contact_safety: ContactSafety
    version: int
    judged_by: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WaitForOthers:
    """Whom the case waits for, what was asked, and when somebody asks again."""

    until: date
    version: int
    waiting_for: str = field(repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmReturn:
    """That the child has been seen back on a day, by whom; or, without a day, that it was not so."""

    returned_on: date | None
    version: int
    seen_by: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmProtection:
    """Whether the child's personal data are protected, and what that rests on."""

    is_protected: bool
    version: int
    reasons: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettleConcern:
    """That the fear for the child is over: who judged it, when, on what ground."""

    settled_on: date
    version: int
    settled_by: str = field(repr=False)
    reasons: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CloseCase:
    """An outcome and what shows it. Dates among the proofs are ISO 8601 text."""

    outcome: Outcome
    version: int
    proofs: Mapping[Proof, str] = field(repr=False)

    def missing(self) -> tuple[Proof, ...]:
        """Return what the outcome must be shown by and is not."""
        return tuple(proof for proof in PROOFS[self.outcome] if not self.proofs.get(proof, "").strip())

    def misdated(self, today: date) -> tuple[Proof, ...]:
        """Return the dates that lie in the future though they have happened, or the other way round."""
        days = {proof: date.fromisoformat(self.proofs[proof]) for proof in DATES if self.proofs.get(proof)}
        return tuple(
            proof
            for proof, day in sorted(days.items())
            if (proof in PAST and day > today) or (proof in FUTURE and day <= today)
        )

    def day(self, proof: Proof) -> date | None:
        """Return a date among what the outcome must be shown by."""
        is_asked = proof in PROOFS[self.outcome] and self.proofs.get(proof)
        return date.fromisoformat(self.proofs[proof]) if is_asked else None


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """Why a closed case is taken up again."""

    version: int
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReportedStatus:
    """All that a school may know of the case behind what it reported."""

    reference: str
    state: CaseState


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What narrows a tab down."""

    school_unit_id: UUID | None = None
    state: CaseState | None = None
    time: QueueTime | None = None
