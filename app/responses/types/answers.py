"""What a school says about one missing pupil: a value per question page, None while the page is unanswered.

Nothing here shows itself in a log or a traceback: the values are names, numbers and what people have said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self, cast

from app.cases.types import ContactSafety
from app.kernel.identity_number import IdentityKind
from app.pupils.types import ChildIdentity, GradeBand, grade_band
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
from app.responses.types.plain import from_plain, to_plain
from app.responses.types.questions import ALL_PAGES, PupilPage, Questions
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


@dataclass(frozen=True, slots=True, repr=False)
class PupilAnswers:
    """Everything a school has answered about one pupil; a field per `PupilPage`, under the page's value."""

    urgent: UrgentAnswers | None = None
    identity: IdentityAnswers | None = None
    last_seen: LastSeenAnswers | None = None
    whereabouts: WhereaboutsAnswers | None = None
    leave: LeaveAnswers | None = None
    contacts: ContactsAnswers | None = None
    siblings: SiblingsAnswers | None = None
    concern: ConcernAnswers | None = None
    guardians: GuardiansAnswers | None = None
    own_words: OwnWordsAnswers | None = None
    observed: ObservedAnswers | None = None
    said: SaidAnswers | None = None
    travel: TravelAnswers | None = None

    @classmethod
    def from_dict(cls, plain: object) -> Self:
        """Return the answers that `to_dict` wrote, without what can no longer be understood."""
        return from_plain(cls, plain)

    def to_dict(self) -> dict[str, Any]:
        """Return the answers as JSON can hold them. An answered page is there even when all of it is empty."""
        return cast(dict[str, Any], to_plain(self))

    def page(self, page: PupilPage) -> PageAnswers | None:
        """Return what was answered on one page, None while it is unanswered."""
        return cast(PageAnswers | None, getattr(self, page.value))

    def only(self, *pages: PupilPage) -> Self:
        """Return what was answered on some pages, and nothing else."""
        kept: dict[str, Any] = {page.value: self.page(page) for page in pages}
        return type(self)(**kept)

    def over(self, earlier: Self) -> Self:
        """Return these answers, with the earlier ones where nobody has answered since."""
        changes: dict[str, Any] = {page.value: self.page(page) for page in self.answered}
        return replace(earlier, **changes)

    def differing(self, other: "PupilAnswers") -> tuple[PupilPage, ...]:
        """Return the pages on which something else is answered."""
        return tuple(page for page in ALL_PAGES if self.page(page) != other.page(page))

    def with_page(self, page: PupilPage, values: PageAnswers) -> Self:
        """Return these answers with one page answered anew.

        Raises `TypeError` when the values belong to another page.
        """
        if type(values) is not ANSWERS_OF_PAGE[page]:
            raise TypeError(f"{type(values).__name__} does not answer {page}")
        changes: dict[str, Any] = {page.value: values}
        return replace(self, **changes)

    def is_answered(self, page: PupilPage) -> bool:
        """Whether somebody has answered a page; what a list said about who it is must be looked at first."""
        values = self.page(page)
        return values is not None and (not isinstance(values, IdentityAnswers) or values.is_confirmed)

    @property
    def answered(self) -> tuple[PupilPage, ...]:
        """The pages with an answer, in their order."""
        return tuple(page for page in ALL_PAGES if self.is_answered(page))

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has answered anything: all that is here came from a list."""
        return not self.answered

    def unanswered(self, questions: Questions) -> tuple[PupilPage, ...]:
        """Return the pages asked that have no answer, in their order."""
        return tuple(page for page in questions.pages if not self.is_answered(page))

    def missing_required(self, questions: Questions) -> tuple[PupilPage, ...]:
        """Return the pages that must be answered before the answer can be submitted and are not."""
        return tuple(page for page in self.unanswered(questions) if page in questions.required)

    def is_complete(self, questions: Questions) -> bool:
        """Tell whether the pupil may be submitted."""
        return not self.missing_required(questions)

    @property
    def is_urgent(self) -> bool:
        """Whether something was ticked that cannot wait."""
        return self.urgent is not None and bool(self.urgent.signs)

    @property
    def concern_level(self) -> Concern | None:
        """The judgement, None while nobody has made it."""
        return None if self.concern is None else self.concern.concern

    @property
    def grade_band(self) -> GradeBand | None:
        """Where the pupil is counted in the term's figures, None while nobody has said who it is."""
        return None if self.identity is None else grade_band(self.identity.school_form, self.identity.grade)

    @property
    def opens_case_at_once(self) -> bool:
        """Whether the coordinator must know now, submitted or not."""
        return self.is_urgent or self.is_suspected

    @property
    def is_suspected(self) -> bool:
        """Whether somebody judges that the pupil has been taken away, or is about to be."""
        is_taken = self.concern is not None and self.concern.concern.opens_case
        return is_taken or (self.observed is not None and self.observed.suspects is AnyYesNo.YES)


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
