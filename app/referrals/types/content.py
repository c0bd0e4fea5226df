"""What a report of concern says: a value per question page, None while the page is unanswered.

The fields are those that social services' own forms ask for, and for a child who may have been taken abroad what an
authority needs first. Nothing here shows itself in a log or a traceback.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self, cast

from app.kernel.identity_number import IdentityKind
from app.pupils.types import ChildIdentity
from app.referrals.types.choices import Gender, GuardianInformed, Purpose, TravelSuspicion
from app.referrals.types.questions import PAGES, ReportPage
from app.responses.types import AnyYesNo, Place, SchoolForm
from app.responses.types.plain import from_plain, to_plain


@dataclass(frozen=True, slots=True, repr=False)
class ChildPart:
    """The one child the report is about. Never held for a child whose personal data are protected."""

    kind: IdentityKind = IdentityKind.NONE
    number: str | None = None
    name: str = ""
    birth_date: date | None = None
    gender: Gender | None = None
    home_municipality_code: str | None = None
    address: str = ""
    phone: str = ""
    school: str = ""
    school_form: SchoolForm | None = None
    grade: str = ""
    school_class: str = ""
    language: str = ""
    interpreter: AnyYesNo | None = None
    knows_of_report: AnyYesNo | None = None

    def to_child_identity(self) -> ChildIdentity:
        """Return who the child is, as a case wants it."""
        return ChildIdentity(
            kind=self.kind,
            number=self.number,
            name=self.name,
            birth_date=self.birth_date,
            home_municipality_code=self.home_municipality_code,
        )

    @property
    def is_known(self) -> bool:
        """Whether the receiver can tell which child it is."""
        return bool(self.name or self.number)


@dataclass(frozen=True, slots=True, repr=False)
class DangerPart:
    """Whether the child is in danger now, where the child is, and who has been phoned."""

    is_acute: AnyYesNo | None = None
    danger: str = ""
    called: str = ""
    place: Place | None = None
    place_text: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ConcernPart:
    """What the reporter has seen and heard, apart from what others have told."""

    what_happened: str = ""
    first_hand: str = ""
    child_said: str = ""
    """In the child's own words."""
    why_now: str = ""
    since: str = ""
    if_nothing: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class StatementPart:
    """One thing the reporter has at second hand: what, who said it, when, and what has been seen to support it."""

    text: str = ""
    source: str = ""
    said_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ToldPart:
    """What others have told."""

    statements: tuple[StatementPart, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class BackgroundPart:
    """What was known before, what the school has done, and what to mind."""

    earlier_concern: AnyYesNo | None = None
    earlier_text: str = ""
    measures: str = ""
    effect: str = ""
    considerations: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class TravelPart:
    """What is known when a child may have been taken abroad, or may be."""

    suspicion: TravelSuspicion | None = None
    last_seen_on: date | None = None
    last_seen: str = ""
    purposes: tuple[Purpose, ...] = ()
    purposes_text: str = ""
    destination: str = ""
    address: str = ""
    travelled_on: date | None = None
    journey: str = ""
    passports: str = ""
    siblings_travelling: str = ""
    told_by: str = ""
    expected_return: str = ""
    child_channels: str = ""
    safe_contacts: str = ""
    do_not_reveal: str = ""
    concern_before: str = ""
    police: AnyYesNo | None = None
    police_text: str = ""
    foreign_ministry: AnyYesNo | None = None
    foreign_ministry_text: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class GuardianPart:
    """A guardian, and whether that guardian knows of the report: no, unless somebody has decided otherwise."""

    name: str = ""
    identity_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    interpreter: AnyYesNo | None = None
    informed: GuardianInformed = GuardianInformed.NO
    informed_because: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class FamilyPart:
    """Guardians, and siblings or other children in the home."""

    guardians: tuple[GuardianPart, ...] = ()
    siblings: str = ""
    """A line for each: name, age, school."""


@dataclass(frozen=True, slots=True, repr=False)
class TypedReceiver:
    """A board that is not in the receivers' register. There is no address to trust, so the report goes on paper."""

    municipality_name: str = ""
    board_name: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ReporterPart:
    """Who reports, in service and never anonymously, and what the reporter asks for."""

    name: str = ""
    title: str = ""
    workplace: str = ""
    phone: str = ""
    email: str = ""
    principal_name: str = ""
    receiver: TypedReceiver | None = None
    wants_feedback: bool = True
    joins_meeting: AnyYesNo | None = None
    kept_in: str = ""
    """Where the reporter's copy is registered."""


ReportPart = ChildPart | DangerPart | ConcernPart | ToldPart | BackgroundPart | TravelPart | FamilyPart | ReporterPart


@dataclass(frozen=True, slots=True, repr=False)
class ReportContent:
    """Everything a report says; a field per `ReportPage`, under the page's value."""

    child: ChildPart | None = None
    danger: DangerPart | None = None
    concern: ConcernPart | None = None
    told: ToldPart | None = None
    background: BackgroundPart | None = None
    travel: TravelPart | None = None
    family: FamilyPart | None = None
    reporter: ReporterPart | None = None

    @classmethod
    def from_dict(cls, plain: object) -> Self:
        """Return the content that `to_dict` wrote, without what can no longer be understood."""
        return from_plain(cls, plain)

    def to_dict(self) -> dict[str, Any]:
        """Return the content as JSON can hold it. An answered page is there even when all of it is empty."""
        return cast(dict[str, Any], to_plain(self))

    def page(self, page: ReportPage) -> ReportPart | None:
        """Return what was answered on one page, None while it is unanswered."""
        return cast(ReportPart | None, getattr(self, page.value))

    def with_page(self, page: ReportPage, part: ReportPart) -> Self:
        """Return this content with one page answered anew. Raises `TypeError` for another page's answers."""
        if type(part) is not PART_OF_PAGE[page]:
            raise TypeError(f"{type(part).__name__} does not answer {page}")
        changes: dict[str, Any] = {page.value: part}
        return replace(self, **changes)

    @property
    def missing_pages(self) -> tuple[ReportPage, ...]:
        """The pages without which a report cannot be acted on: which child, what is feared, who says so.

        Everything else may be left out. The duty is immediate: a short report in time is worth more than a long one.
        """
        has = {
            ReportPage.CHILD: self.child is not None and self.child.is_known,
            ReportPage.CONCERN: self.concern is not None
            and bool(self.concern.what_happened or self.concern.first_hand),
            ReportPage.REPORTER: self.reporter is not None
            and bool(self.reporter.name and self.reporter.workplace and self.reporter.phone),
        }
        return tuple(page for page in PAGES if not has.get(page, True))

    @property
    def is_acute(self) -> bool:
        """Whether the child is said to be in danger now."""
        return self.danger is not None and self.danger.is_acute is AnyYesNo.YES


PART_OF_PAGE: Mapping[ReportPage, type[ReportPart]] = {
    ReportPage.CHILD: ChildPart,
    ReportPage.DANGER: DangerPart,
    ReportPage.CONCERN: ConcernPart,
    ReportPage.TOLD: ToldPart,
    ReportPage.BACKGROUND: BackgroundPart,
    ReportPage.TRAVEL: TravelPart,
    ReportPage.FAMILY: FamilyPart,
    ReportPage.REPORTER: ReporterPart,
}
