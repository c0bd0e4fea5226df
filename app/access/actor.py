"""The one on whose behalf something is done."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an account is for; each account has one."""

    STAFF = "staff"
    RESPONDENT = "respondent"
    COORDINATOR = "coordinator"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SYSTEM = "system"
    """Scheduled work; no account has it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts today: an account in one municipality, with the school units it works at or answers for."""

    account_id: UUID | None
    municipality_id: UUID
    role: Role
    unit_ids: frozenset[UUID] = field(default_factory=frozenset)
    answers_for: frozenset[UUID] = field(default_factory=frozenset)
    """Of them, those it answers for: as principal, as acting one, or by delegation."""
    leads: frozenset[UUID] = field(default_factory=frozenset)
    """Of these, those where it chooses who else answers."""

    @classmethod
    def system(cls, municipality_id: UUID) -> "Actor":
        """Return the actor of scheduled work in a municipality."""
        return cls(account_id=None, municipality_id=municipality_id, role=Role.SYSTEM)
