"""What a school says on each question page about one missing pupil.

Nothing here shows itself in a log or a traceback: the values are names, numbers and what people have said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.cases.types import ContactSafety
from app.kernel.identity_number import IdentityKind
from app.pupils.types import ChildIdentity
from app.responses.types.choices import (
    AbsenceStart,
    AnyYesNo,
    Concern,
    ContactWay,
    DayPrecision,
    Evidence,
    Explanation,
    LeaveStatus,
    Place,
    ReportMade,
    SchoolForm,
    SiblingPlace,
    Source,
    SpokenWithChild,
    UrgentSign,
)
from app.responses.types.questions import PupilPage
from app.responses.types.worry import ObservedAnswers, ObservedSign, SaidAnswers, TravelAnswers


@dataclass(frozen=True, slots=True, repr=False)
class CallAnswers:
    """Whom somebody at the school has phoned from *Ring nu*, under the names of the municipality's own list."""

    called: tuple[str, ...] = ()
    called_at: datetime | None = None
    answered_by: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class UrgentAnswers:
    """Page a. No signs means that nothing is urgent, or, with `is_unknown`, that nobody knows."""

    signs: tuple[UrgentSign, ...] = ()
    is_unknown: bool = False
    calls: CallAnswers | None = None


@dataclass(frozen=True, slots=True, repr=False)
class IdentityAnswers:
    """Page b. Never held for a pupil whose personal data are protected."""

    kind: IdentityKind = IdentityKind.NONE
    number: str | None = None
    name: str = ""
    birth_date: date | None = None
    school_form: SchoolForm | None = None
    grade: str = ""
    school_class: str = ""
    home_municipality_code: str | None = None
    is_confirmed: bool = True
    """False while it stands as a class list or an absence list had it: the page is then still to be answered."""

    def to_child_identity(self) -> ChildIdentity:
        """Return who the child is, as a case wants it; a number that an old answer lost is no number."""
        kind = self.kind if self.number else IdentityKind.NONE
        return ChildIdentity(
            kind=kind,
            number=None if kind is IdentityKind.NONE else self.number,
            name=self.name,
            birth_date=self.birth_date,
            home_municipality_code=self.home_municipality_code,
        )


@dataclass(frozen=True, slots=True, repr=False)
class LastSeenAnswers:
    """Page c: the last day the pupil was there, and the break the pupil did not come back from."""

    precision: DayPrecision = DayPrecision.UNKNOWN
    last_present_on: date | None = None
    absence_start: AbsenceStart = AbsenceStart.UNKNOWN


@dataclass(frozen=True, slots=True, repr=False)
class WhereaboutsAnswers:
    """Page d: the claim, who made it and when, and what has been seen. Kept apart, since a claim is not a fact."""

    place: Place = Place.UNKNOWN
    country: str = ""
    explanation: Explanation = Explanation.UNKNOWN
    explanation_text: str = ""
    source: Source = Source.UNKNOWN
    said_on: date | None = None
    evidence: tuple[Evidence, ...] = ()
    evidence_text: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LeaveAnswers:
    """Page e: leave from school, and the day the pupil is expected."""

    status: LeaveStatus = LeaveStatus.UNKNOWN
    granted_until: date | None = None
    expected_return_on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ContactAttempt:
    """One attempt to reach somebody, and what came of it."""

    on: date | None = None
    way: ContactWay | None = None
    with_whom: str = ""
    result: str = ""
    made_by: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ContactsAnswers:
    """Page f: attempts to reach the family, and whether the school has spoken with the child."""

    attempts: tuple[ContactAttempt, ...] = ()
    spoken_with_child: SpokenWithChild = SpokenWithChild.UNKNOWN
    spoken_on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Sibling:
    """A sibling the school knows of."""

    name: str = ""
    age: str = ""
    place: SiblingPlace = SiblingPlace.UNKNOWN
    place_text: str = ""
    is_missing: AnyYesNo = AnyYesNo.UNKNOWN


@dataclass(frozen=True, slots=True, repr=False)
class SiblingsAnswers:
    """Page g: whole groups of siblings are taken at once, often from several schools."""

    known: AnyYesNo = AnyYesNo.UNKNOWN
    siblings: tuple[Sibling, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ConcernAnswers:
    """Page h: the judgement, what it rests on, and whether a report of concern was made."""

    concern: Concern = Concern.NONE
    signs: tuple[ObservedSign, ...] = ()
    earlier_concern: AnyYesNo = AnyYesNo.UNKNOWN
    earlier_text: str = ""
    report: ReportMade | None = None
    reported_on: date | None = None
    reported_to: str = ""
    registration_number: str = ""
    not_reported_because: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class GuardiansAnswers:
    """Page i: whether guardians may be contacted without putting the child at risk."""

    contact: ContactSafety = ContactSafety.UNKNOWN
    because: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class OwnWordsAnswers:
    """Page j: what somebody has seen and heard, not conclusions."""

    text: str = ""


PageAnswers = (
    UrgentAnswers
    | IdentityAnswers
    | LastSeenAnswers
    | WhereaboutsAnswers
    | LeaveAnswers
    | ContactsAnswers
    | SiblingsAnswers
    | ConcernAnswers
    | GuardiansAnswers
    | OwnWordsAnswers
    | ObservedAnswers
    | SaidAnswers
    | TravelAnswers
)

ANSWERS_OF_PAGE: Mapping[PupilPage, type[PageAnswers]] = {
    PupilPage.URGENT: UrgentAnswers,
    PupilPage.IDENTITY: IdentityAnswers,
    PupilPage.LAST_SEEN: LastSeenAnswers,
    PupilPage.WHEREABOUTS: WhereaboutsAnswers,
    PupilPage.LEAVE: LeaveAnswers,
    PupilPage.CONTACTS: ContactsAnswers,
    PupilPage.SIBLINGS: SiblingsAnswers,
    PupilPage.CONCERN: ConcernAnswers,
    PupilPage.GUARDIANS: GuardiansAnswers,
    PupilPage.OWN_WORDS: OwnWordsAnswers,
    PupilPage.OBSERVED: ObservedAnswers,
    PupilPage.SAID: SaidAnswers,
    PupilPage.TRAVEL: TravelAnswers,
}
