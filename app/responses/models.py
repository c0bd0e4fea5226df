"""Answers by version, the missing pupils of each, and pupils who have come back."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed, SealedJson
from app.kernel.errors import InvalidTransition
from app.pupils.types import GradeBand
from app.responses.types import (
    QUESTIONS,
    STANDARD,
    CarriedAnswer,
    CarriedFrom,
    Concern,
    PupilAnswers,
    Questions,
    QuestionSet,
    ResponseFigures,
    ResponseState,
)
from app.surveys.types import Asks

if TYPE_CHECKING:
    from app.surveys.models import Invitation

_IS_DRAFT = text("state = 'draft'")


class QuestionVersion(Model, Tenanted):
    """How a municipality asks from a moment on. An answer keeps the version it was begun under."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("municipality_id", "number"),)

    number: Mapped[int]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    adopted_at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    @property
    def question_set(self) -> QuestionSet:
        """The settings."""
        return QuestionSet.from_dict(self.settings)


class Response(Model, Tenanted, Versioned):
    """One version of what a school unit answers to an invitation. Submitted, it never changes again."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("invitation_id", "number"),
        Index(
            "uq_response_one_draft", "invitation_id", unique=True, sqlite_where=_IS_DRAFT, postgresql_where=_IS_DRAFT
        ),
        CheckConstraint(
            "state <> 'submitted' OR (submitted_at IS NOT NULL AND signed_name_sealed IS NOT NULL AND declared)",
            name="submitted_is_signed",
        ),
        CheckConstraint(
            "state <> 'submitted' OR asks <> 'return'"
            " OR (enrolled IS NOT NULL AND present IS NOT NULL AND known_absence IS NOT NULL)",
            name="submitted_has_figures",
        ),
        CheckConstraint(
            "coalesce(enrolled, 0) >= 0 AND coalesce(present, 0) >= 0 AND coalesce(known_absence, 0) >= 0"
            " AND protected_known_absence >= 0 AND protected_missing >= 0",
            name="figures_not_negative",
        ),
    )

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"), index=True)
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    number: Mapped[int]
    """The version, from 1."""
    asks: Mapped[Asks] = mapped_column(default=Asks.RETURN)
    """What the invitation asks; only a return needs figures."""
    state: Mapped[ResponseState]
    enrolled: Mapped[int | None]
    present: Mapped[int | None]
    known_absence: Mapped[int | None]
    protected_known_absence: Mapped[int] = mapped_column(default=0)
    """Of those with known absence, how many have protected personal data."""
    protected_missing: Mapped[int] = mapped_column(default=0)
    """Missing pupils with protected personal data: counted, never described."""
    follows_classes: Mapped[bool] = mapped_column(default=False)
    """The figures are what the classes come to; False while they are typed by hand."""
    unlisted_present: Mapped[int | None]
    """Pupils at school who stand on no class list, None while nobody has said; only where there is a roster."""
    unlisted_known_absence: Mapped[int | None]
    is_nil: Mapped[bool] = mapped_column(default=False)
    signed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    signed_name_sealed: Mapped[bytes | None]
    signed_name = Sealed("signed_name_sealed")
    declared: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    question_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("question_version.id"))
    """The questions it is given under, to its end; None for the product's own."""

    question_version: Mapped["QuestionVersion | None"] = relationship(lazy="selectin")
    invitation: Mapped["Invitation"] = relationship("Invitation", lazy="raise")
    pupils: Mapped[list["MissingPupil"]] = relationship(
        back_populates="response",
        lazy="raise",
        order_by="MissingPupil.position, MissingPupil.id",
        cascade="all, delete-orphan",
    )

    @property
    def begun_by_id(self) -> UUID | None:
        """Who began it without answering for the unit; what the policy asks about."""
        return self.invitation.begun_by_id

    @property
    def question_set(self) -> QuestionSet:
        """How the municipality asked when this version was begun."""
        return self.question_version.question_set if self.question_version else STANDARD

    @property
    def questions(self) -> Questions:
        """What is asked about each pupil."""
        return self.question_set.narrow(QUESTIONS[self.asks])

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state is ResponseState.DRAFT

    def figures(self, listed: int) -> ResponseFigures:
        """Return the figures beside the number of pupils listed by name."""
        return ResponseFigures(
            enrolled=self.enrolled,
            present=self.present,
            known_absence=self.known_absence,
            protected_known_absence=self.protected_known_absence,
            protected_missing=self.protected_missing,
            listed=listed,
        )

    def is_enough(self, figures: ResponseFigures) -> bool:
        """Tell whether the counts make an answer: where nobody asks for figures, that there is somebody to tell of."""
        return figures.adds_up if self.asks is Asks.RETURN else figures.missing > 0

    def submit(self, *, signed_by_id: UUID | None, signed_name: str, is_nil: bool, at: datetime) -> None:
        """Sign and close this version. Raises `InvalidTransition` when it already was."""
        if not self.is_draft:
            raise InvalidTransition("response", self.state, ResponseState.SUBMITTED)
        self.signed_by_id, self.signed_name, self.declared = signed_by_id, signed_name, True
        self.state, self.is_nil, self.submitted_at = ResponseState.SUBMITTED, is_nil, at


class MissingPupil(Model, Tenanted, Versioned):
    """A missing pupil in one version of an answer. `entry_id` is the same pupil in every version and in the case."""

    __tablename__ = "missing_pupil"
    __table_args__ = (UniqueConstraint("response_id", "entry_id"),)

    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), index=True)
    entry_id: Mapped[UUID] = mapped_column(index=True)
    position: Mapped[int]
    answers_sealed: Mapped[bytes]
    answers = SealedJson("answers_sealed")
    concern: Mapped[Concern | None]
    grade_band: Mapped[GradeBand | None]
    """For the term's figures; None until somebody has said who the pupil is."""
    is_urgent: Mapped[bool] = mapped_column(default=False)
    is_complete: Mapped[bool] = mapped_column(default=False)
    is_withheld: Mapped[bool] = mapped_column(default=False)
    """The personal data turned out to be protected: what an earlier version held has been taken away."""
    roster_class_id: Mapped[UUID | None]
    roster_key: Mapped[str | None] = mapped_column(String(40))
    """Where the pupil stands in a class that was gone through; no foreign key, since the class is soon destroyed."""
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    response: Mapped[Response] = relationship(back_populates="pupils", lazy="raise_on_sql")

    @property
    def school_unit_id(self) -> UUID:
        """The school unit that answers; what the policy asks about."""
        return self.response.school_unit_id

    @property
    def begun_by_id(self) -> UUID | None:
        """Who began the answer without answering for the unit; likewise."""
        return self.response.begun_by_id

    @property
    def questions(self) -> Questions:
        """What is asked about the pupil."""
        return self.response.questions

    @property
    def told(self) -> PupilAnswers:
        """What has been answered about the pupil."""
        return PupilAnswers.from_dict(self.answers)

    def tell(self, answers: PupilAnswers, *, by_id: UUID | None, at: datetime) -> None:
        """Keep the answers, and what lists and counts need of them unencrypted."""
        self.answers = answers.to_dict()
        self.concern, self.is_urgent, self.is_complete = (
            answers.concern_level,
            answers.is_urgent,
            answers.is_complete(self.questions),
        )
        self.grade_band = answers.grade_band
        self.saved_at, self.saved_by_id = at, by_id


class CarriedPupil(Model, Tenanted):
    """A pupil of earlier answers that the school is asked about again in one version of an answer."""

    __tablename__ = "carried_pupil"
    __table_args__ = (UniqueConstraint("response_id", "entry_id"),)

    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), index=True)
    entry_id: Mapped[UUID] = mapped_column(index=True)
    position: Mapped[int]
    origin: Mapped[CarriedFrom]
    answer: Mapped[CarriedAnswer | None]
    """None until the school has answered; an answer is not sent while it is."""


class PupilReturn(Model, Tenanted):
    """The school says that a pupil has come back. It is said once; the coordinator makes sure of it."""

    __tablename__ = "pupil_return"

    entry_id: Mapped[UUID] = mapped_column(unique=True)
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class AbsenceList(Model, Tenanted):
    """Missing pupils that somebody has pasted or uploaded and not yet confirmed; the latest of each person.

    Gone when it is confirmed or discarded, when the answer is submitted, the round closes, or a day has passed.
    """

    __tablename__ = "absence_list"
    __table_args__ = (UniqueConstraint("invitation_id", "previewed_by_id"),)

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"))
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    previewed_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    previewed_at: Mapped[datetime]
    content_sealed: Mapped[bytes]
    content = SealedJson("content_sealed")
    """The pupils, and the text that was pasted, so that it can be corrected."""
    protected_count: Mapped[int]
    """Rows marked as protected: counted, and nothing else of them kept."""

    invitation: Mapped["Invitation"] = relationship("Invitation", lazy="raise")
