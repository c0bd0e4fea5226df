"""The receivers' register, reports of concern, how each was handed over, and what the receiver said."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed, SealedBytes, SealedJson
from app.kernel.errors import InvalidTransition
from app.kernel.tokens import make_token
from app.referrals.types import (
    AcknowledgedBy,
    HandOverChannel,
    ReceiverAnswer,
    ReportContent,
    ReportState,
)

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.schools.models import SchoolUnit

LINK_PURPOSE = "receiver-link"


class Receiver(Model, Tenanted, Versioned):
    """The social welfare board of a municipality, reached at a function address: never a person's."""

    __tablename__ = "receiver"
    __table_args__ = (UniqueConstraint("municipality_id", "municipality_code", "board_name"),)

    municipality_code: Mapped[str] = mapped_column(String(4))
    municipality_name: Mapped[str] = mapped_column(String(120))
    board_name: Mapped[str] = mapped_column(String(120))
    email_sealed: Mapped[bytes]
    email = Sealed("email_sealed")
    """Empty when the board takes no mail: reports to it go on paper."""
    phone_sealed: Mapped[bytes]
    phone = Sealed("phone_sealed")
    address_sealed: Mapped[bytes]
    address = Sealed("address_sealed")
    is_active: Mapped[bool] = mapped_column(default=True)


class ReportOfConcern(Model, Tenanted, Versioned):
    """What somebody tells a social welfare board about one child. Handed over, it never changes again."""

    __tablename__ = "report_of_concern"
    __table_args__ = (
        UniqueConstraint("municipality_id", "reference"),
        Index(None, "municipality_id", "author_id", "started_at"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (handed_over_at IS NOT NULL AND case_id IS NOT NULL)",
            name="handed_over_has_case",
        ),
        CheckConstraint("state <> 'acknowledged' OR acknowledged_at IS NOT NULL", name="acknowledged_has_time"),
        CheckConstraint("(state = 'answered') = (answer IS NOT NULL)", name="answered_has_answer"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged_by_someone"),
        CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name="answer_has_day"),
    )

    reference: Mapped[str] = mapped_column(String(20))
    """What people quote aloud: O-2026-003."""
    state: Mapped[ReportState] = mapped_column(default=ReportState.DRAFT)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    entry_id: Mapped[UUID | None]
    """The school's row for the child, when the report was begun from one."""
    school_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("school_unit.id"), index=True)
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("report_of_concern.id"))
    receiver_id: Mapped[UUID | None] = mapped_column(ForeignKey("receiver.id"))
    content_sealed: Mapped[bytes]
    content = SealedJson("content_sealed")
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    written_on: Mapped[date | None]
    """The day it was handed over, by which the law that it cites was chosen."""
    legal_reference_key: Mapped[str] = mapped_column(String(40))
    feedback_requested: Mapped[bool] = mapped_column(default=True)
    handed_over_at: Mapped[datetime | None]
    acknowledge_by: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[AcknowledgedBy | None]
    answer: Mapped[ReceiverAnswer | None]
    answered_on: Mapped[date | None]
    """The day of the board's decision."""
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[AcknowledgedBy | None]

    author: Mapped["Account"] = relationship("Account", lazy="raise")
    school_unit: Mapped["SchoolUnit | None"] = relationship("SchoolUnit", lazy="raise")
    receiver: Mapped[Receiver | None] = relationship(lazy="raise")
    corrects: Mapped["ReportOfConcern | None"] = relationship(lazy="raise", remote_side="ReportOfConcern.id")
    hand_overs: Mapped[list["HandOver"]] = relationship(
        back_populates="report", lazy="raise", order_by="HandOver.handed_over_at, HandOver.channel"
    )
    link: Mapped["ReceiverLink | None"] = relationship(back_populates="report", lazy="raise", uselist=False)

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state is ReportState.DRAFT

    @property
    def told(self) -> ReportContent:
        """What it says."""
        return ReportContent.from_dict(self.content)

    def tell(self, content: ReportContent, *, at: datetime) -> None:
        """Keep what it says now. Raises `InvalidTransition` once it has been handed over or withdrawn."""
        self._require(ReportState.DRAFT, ReportState.DRAFT)
        self.content, self.saved_at = content.to_dict(), at
        self.feedback_requested = content.reporter is None or content.reporter.wants_feedback

    def hand_over(
        self, *, case_id: UUID, on: date, at: datetime, acknowledge_by: datetime, answer_by: datetime
    ) -> None:
        """Note that it has left. Raises `InvalidTransition` unless it was a draft: it leaves once."""
        self._require(ReportState.HANDED_OVER, ReportState.DRAFT)
        self.state, self.case_id, self.written_on, self.handed_over_at = ReportState.HANDED_OVER, case_id, on, at
        self.acknowledge_by = acknowledge_by
        self.answer_by = answer_by if self.feedback_requested else None

    def withdraw(self) -> None:
        """Give up a draft. What has been handed over cannot be taken back."""
        self._require(ReportState.WITHDRAWN, ReportState.DRAFT)
        self.state = ReportState.WITHDRAWN

    def acknowledge(self, *, by: AcknowledgedBy, at: datetime) -> None:
        """Note that the board has it. Raises `InvalidTransition` the second time."""
        self._require(ReportState.ACKNOWLEDGED, ReportState.HANDED_OVER)
        self.state, self.acknowledged_at, self.acknowledged_by = ReportState.ACKNOWLEDGED, at, by

    def be_answered(self, answer: ReceiverAnswer, *, on: date, by: AcknowledgedBy, at: datetime) -> None:
        """Note what the board decided, which also acknowledges. Raises `InvalidTransition` the second time."""
        self._require(ReportState.ANSWERED, ReportState.HANDED_OVER, ReportState.ACKNOWLEDGED)
        if self.acknowledged_at is None:
            self.acknowledged_at, self.acknowledged_by = at, by
        self.state, self.answer, self.answered_on = ReportState.ANSWERED, answer, on
        self.answered_at, self.answered_by = at, by

    def _require(self, wanted: ReportState, *allowed: ReportState) -> None:
        if self.state not in allowed:
            raise InvalidTransition("report of concern", self.state, wanted)


class HandOver(Model, Tenanted):
    """The receipt: who handed over what, when and how, with the document itself as it was disclosed."""

    __tablename__ = "hand_over"
    __table_args__ = (UniqueConstraint("report_id", "channel"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report_of_concern.id"))
    channel: Mapped[HandOverChannel]
    handed_over_at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    receiver_sealed: Mapped[bytes]
    receiver = Sealed("receiver_sealed")
    """To whom, in the words of that day: the register may change."""
    document_sealed: Mapped[bytes]
    document = SealedBytes("document_sealed")
    sha256: Mapped[str] = mapped_column(String(64))

    report: Mapped[ReportOfConcern] = relationship(back_populates="hand_overs", lazy="raise")


class ReceiverLink(Model, Tenanted):
    """The link in the mail to the board. Its token is made from the id and the keys: the database holds none of it."""

    __tablename__ = "receiver_link"
    __table_args__ = (UniqueConstraint("report_id"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report_of_concern.id"))
    sendings: Mapped[int]
    """How many times a person has had it sent; each is a message of its own in the outbox."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    """The first time somebody, or a mail filter, opened it. Opening acknowledges nothing."""

    report: Mapped[ReportOfConcern] = relationship(back_populates="link", lazy="raise")

    @property
    def token(self) -> str:
        """The token, for the link's URL and nowhere else."""
        return make_token(LINK_PURPOSE, self.id)

    @property
    def message_key(self) -> str:
        """The key of its latest message in the outbox."""
        return message_key(self.id, self.sendings)

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be used to acknowledge and answer."""
        return at < self.expires_at


class ReportCounter(Model, Tenanted):
    """The last number given to a report in a year; its lock puts those who begin reports in line."""

    __tablename__ = "report_counter"
    __table_args__ = (UniqueConstraint("municipality_id", "year"),)

    year: Mapped[int]
    last: Mapped[int]


def message_key(link_id: UUID, sending: int) -> str:
    """Return the key of one message in the outbox."""
    return f"receiver-link:{link_id}:{sending}"
