"""What can be asked of this capability."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.referrals.types.choices import HandOverChannel, ReceiverAnswer
from app.referrals.types.content import ReportPart
from app.referrals.types.questions import ReportPage


@dataclass(frozen=True, slots=True)
class StartReport:
    """Begin a report: from a case, a pupil in a school's answer, as a correction of an earlier report, or blank."""

    case_id: UUID | None = None
    entry_id: UUID | None = None
    corrects_id: UUID | None = None


@dataclass(frozen=True, slots=True, repr=False)
class SaveReportPage:
    """What one question page says now. The child's page also says which school unit, the reporter's which receiver."""

    page: ReportPage
    part: ReportPart
    version: int
    school_unit_id: UUID | None = None
    receiver_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HandOverReport:
    """Hand the report over in one or more ways, signed by the reporter."""

    channels: tuple[HandOverChannel, ...]
    version: int

    def __post_init__(self) -> None:
        if not self.channels:
            raise ValueError("a report leaves in some way")


@dataclass(frozen=True, slots=True)
class RecordAcknowledgement:
    """The board has said, in another way than by the link, that it has the report."""

    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """The board has said, in another way than by the link, what it decided."""

    answer: ReceiverAnswer
    on: date
    version: int


@dataclass(frozen=True, slots=True, repr=False)
class EditReceiver:
    """A board in the receivers' register; `version` is None for one that is added."""

    municipality_code: str
    municipality_name: str
    board_name: str
    email: str
    phone: str
    address: str
    is_active: bool
    version: int | None = None
