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
    """Who acts: an account in one municipality with the school units it answers for or works at today."""

    account_id: UUID | None
    municipality_id: UUID
    role: Role
    unit_ids: frozenset[UUID] = field(default_factory=frozenset)

    @classmethod
    def system(cls, municipality_id: UUID) -> "Actor":
        """Return the actor of scheduled work in a municipality."""
        return cls(account_id=None, municipality_id=municipality_id, role=Role.SYSTEM)
