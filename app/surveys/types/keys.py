"""What makes a round open once and a mail go once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.schools.types import TermKind
from app.surveys.types.words import PlanKind


@dataclass(frozen=True, slots=True)
class Occurrence:
    """That a plan is to open a round in a year."""

    municipality_id: UUID
    plan_id: UUID
    kind: PlanKind
    year: int
    wave: int = 0

    @property
    def key(self) -> str:
        """What makes the occurrence happen once, whoever opens it and however often they try."""
        return f"{self.kind}:{self.year}:{self.wave}"

    @property
    def term(self) -> str:
        """The term as people write it: HT 2026."""
        return term_label(self.kind.term, self.year)


def term_label(kind: TermKind, year: int) -> str:
    """Return a term as people write it: HT 2026, VT 2027."""
    return f"{'HT' if kind is TermKind.AUTUMN else 'VT'} {year}"


INVITATION_KEY: Final = "invitation:"


def invitation_key(invitation_id: UUID) -> str:
    """Return what makes the mail that asks a unit go once."""
    return f"{INVITATION_KEY}{invitation_id}"


REMINDER_KEY: Final = "reminder:"


def reminder_key(invitation_id: UUID, number: int) -> str:
    """Return what makes a reminder or an escalation go once."""
    return f"{REMINDER_KEY}{invitation_id}:{number}"


def closing_key(round_id: UUID, account_id: UUID, closed_at: datetime) -> str:
    """Return what makes a coordinator told once that a round has closed; one that is reopened closes once more."""
    return f"closing:{round_id}:{account_id}:{closed_at:%Y%m%d%H%M}"
