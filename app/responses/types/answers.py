"""Everything a school says about one pupil: a value per question page, None while the page is unanswered."""

from dataclasses import dataclass, replace
from typing import Any, Self, cast

from app.pupils.types import GradeBand, grade_band
from app.responses.types.choices import AnyYesNo, Concern
from app.responses.types.page_answers import (
    ANSWERS_OF_PAGE,
    ConcernAnswers,
    ContactsAnswers,
    GuardiansAnswers,
    IdentityAnswers,
    LastSeenAnswers,
    LeaveAnswers,
    OwnWordsAnswers,
    PageAnswers,
    SiblingsAnswers,
    UrgentAnswers,
    WhereaboutsAnswers,
)
from app.responses.types.plain import from_plain, to_plain
from app.responses.types.questions import ALL_PAGES, PupilPage, Questions
from app.responses.types.worry import ObservedAnswers, SaidAnswers, TravelAnswers


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
