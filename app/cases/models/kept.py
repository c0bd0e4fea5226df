"""What is kept with a case: who reported, what happened, what is said, what is due, what looks the same."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.types import (
    ClaimedBy,
    DeadlineKind,
    Evidence,
    NewClaim,
    NoteKind,
    SuggestionReason,
    Whereabouts,
)
from app.kernel.database import Model, Tenanted
from app.kernel.encryption import Sealed, SealedJson
from app.kernel.errors import InvalidTransition
from app.schools.models import SchoolUnit


class CaseSource(Model, Tenanted):
    """That a school unit has reported the child, by which of its rows. One row leads to one case."""

    __tablename__ = "case_source"
    __table_args__ = (UniqueConstraint("entry_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    entry_id: Mapped[UUID | None]
    """The school's row for the child, None for a report of concern written on its own."""
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"), index=True)
    content_index: Mapped[bytes]
    """Keyed hash of what was last reported, so that the same said twice adds nothing."""
    school_unit: Mapped[SchoolUnit] = relationship(lazy="raise")


class CaseNote(Model, Tenanted):
    """A line of the chronology. Never changed: a correction is a further line that points at it."""

    __tablename__ = "case_note"
    __table_args__ = (Index(None, "case_id", "happened_at"), UniqueConstraint("corrects_id"))

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[NoteKind]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    text_sealed: Mapped[bytes]
    text = Sealed("text_sealed")
    """A person's own words, empty where the kind says it all."""
    details_sealed: Mapped[bytes | None]
    details = SealedJson("details_sealed")
    """Codes, references and names that the sentence for the kind is made with."""
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    author_label_sealed: Mapped[bytes]
    author_label = Sealed("author_label_sealed")
    """Who wrote it, as they were called then; empty for what happened by itself."""
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_note.id"))


class Claim(Model, Tenanted):
    """What somebody says, what there is to show for it, and who has verified it: three things."""

    __tablename__ = "claim"
    __table_args__ = (CheckConstraint("(verified_by_id IS NULL) = (verified_at IS NULL)", name="verified_by_someone"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    text_sealed: Mapped[bytes]
    text = Sealed("text_sealed")
    claimed_by: Mapped[ClaimedBy]
    claimed_on: Mapped[date | None]
    whereabouts: Mapped[Whereabouts | None]
    evidence: Mapped[Evidence]
    evidence_text_sealed: Mapped[bytes | None]
    evidence_text = Sealed("evidence_text_sealed")
    recorded_at: Mapped[datetime]
    verified_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    verified_at: Mapped[datetime | None]

    @property
    def is_verified(self) -> bool:
        """Whether somebody at the municipality stands for it."""
        return self.verified_at is not None

    def verify(self, account_id: UUID, *, at: datetime) -> None:
        """Note who has verified it. Once is enough."""
        if self.is_verified:
            raise InvalidTransition("claim", "verified", "verified")
        self.verified_by_id, self.verified_at = account_id, at

    def to_new_claim(self) -> NewClaim:
        """Return it as it was said."""
        return NewClaim(
            self.text, self.claimed_by, self.claimed_on, self.evidence, self.evidence_text, self.whereabouts
        )


class Deadline(Model, Tenanted):
    """A moment by which something is to be done."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index(
            "uq_deadline_one_running_step",
            "case_id",
            unique=True,
            sqlite_where=text("kind = 'step' AND met_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("kind = 'step' AND met_at IS NULL AND cancelled_at IS NULL"),
        ),
        CheckConstraint("met_at IS NULL OR cancelled_at IS NULL", name="met_or_cancelled"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[DeadlineKind]
    label_key: Mapped[str] = mapped_column(String(40))
    """The step's key for a step, else the kind."""
    legal_reference_key: Mapped[str | None] = mapped_column(String(40))
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    @property
    def is_running(self) -> bool:
        """Whether it still has to be met."""
        return self.met_at is None and self.cancelled_at is None


class SameChildSuggestion(Model, Tenanted):
    """That two cases may be about one child; a person decides."""

    __tablename__ = "same_child_suggestion"
    __table_args__ = (
        UniqueConstraint("case_id", "other_case_id"),
        CheckConstraint("case_id <> other_case_id", name="two_cases"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    other_case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    reason: Mapped[SuggestionReason]
