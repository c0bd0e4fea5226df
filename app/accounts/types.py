"""Commands, and what a password must be."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.access.actor import Role
from app.kernel.errors import DomainError

SHORTEST_PASSWORD: Final = 15
LONGEST_PASSWORD: Final = 128
"""NIST SP 800-63B-4, 3.1.1.2: length and a list of common ones, no rules of composition."""
FEWEST_CHARACTERS: Final = 5
COMMON: Final = (
    "123456789",
    "password",
    "qwerty",
    "abcdefgh",
    "letmein",
    "welcome",
    "losenord",
    "sommar20",
    "aterkomst",
)

IDLE_AFTER: Final = timedelta(minutes=15)
IDLE_AFTER_AT_SCHOOL: Final = timedelta(minutes=30)
"""A principal is called away in the middle of an answer; a coordinator's screen shows twenty children."""
ABSOLUTE_AFTER: Final = timedelta(hours=12)
LINK_LASTS: Final = {"activation": timedelta(days=14), "renewal": timedelta(hours=1)}
INVITATION_LASTS: Final = timedelta(days=14)
INVITATION_KEPT_FOR: Final = timedelta(days=30)
"""How long the name of somebody invited stays once the invitation is over: as long as one may ask about it."""
UNANSWERED_KEPT_FOR: Final = timedelta(days=180)
"""The same for one that nobody has used: a term, in which the coordinator sees it and can send it again."""
ONE_DAY: Final = timedelta(days=1)
MOST_INVITATIONS: Final = 5
"""Invitations to one address in a day: enough for slips, too few for a nuisance."""
MOST_ATTEMPTS: Final = 5
ATTEMPTS_WITHIN: Final = timedelta(minutes=1)
MOST_FORGOTTEN: Final = 500
"""Old attempts to clear away at one sign-in: many times more than come, and few enough not to be felt."""
MOST_RENEWALS: Final = 3
"""Links to choose a new password in the time that one lasts: enough for mail that is slow, too few for a nuisance."""


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    ACTIVATION = "activation"
    RENEWAL = "renewal"


class Duty(StrEnum):
    """What somebody is at a school unit."""

    STAFF = "staff"
    """Works there, and does not answer for it."""
    PRINCIPAL = "principal"
    ACTING = "acting"
    """Principal for a time, beside the ordinary one."""
    DELEGATE = "delegate"
    """Answers in the principal's place for a time; cannot pass it on."""

    @property
    def leads(self) -> bool:
        """Whether it lets one answer and choose who else does."""
        return self in {Duty.PRINCIPAL, Duty.ACTING}

    @property
    def answers(self) -> bool:
        """Whether it lets one answer for the unit."""
        return self is not Duty.STAFF

    def covers(self, other: "Duty") -> bool:
        """Whether one who is this gains nothing by being the other; an acting principal becomes the ordinary one."""
        return _BY_WEIGHT.index(self) >= _BY_WEIGHT.index(other)


_BY_WEIGHT: Final = (Duty.STAFF, Duty.DELEGATE, Duty.ACTING, Duty.PRINCIPAL)


class TooManyAttempts(DomainError):
    """This account has been tried too often from this address within a minute; others are unaffected."""


@dataclass(frozen=True, slots=True)
class AddAccount:
    """An account to add; `unit_ids` are the school units it answers for or works at from `starts_on`."""

    name: str = field(repr=False)
    title: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    role: Role
    unit_ids: tuple[UUID, ...] = ()
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class GrantDuty:
    """What somebody is to be at school units, from one day to another, both included."""

    duty: Duty
    unit_ids: tuple[UUID, ...]
    starts_on: date
    ends_on: date | None
    granted_by_id: UUID | None = None
    """Who decided it, when that is not who carries it out."""

    def meets(self, unit_id: UUID, duty: Duty, starts_on: date, ends_on: date | None) -> bool:
        """Tell whether it would give somebody who has a duty at a unit nothing more at that time."""
        is_at_once = (self.ends_on is None or starts_on <= self.ends_on) and (
            ends_on is None or self.starts_on <= ends_on
        )
        return duty.covers(self.duty) and unit_id in self.unit_ids and is_at_once


@dataclass(frozen=True, slots=True)
class SendInvitation:
    """Whom to invite to an account of their own, and what they are to be."""

    name: str = field(repr=False)
    title: str = field(repr=False)
    email: str = field(repr=False)
    duty: GrantDuty


class PasswordFault(StrEnum):
    """Why a password is not accepted."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    NAME = "name"


def find_password_fault(password: str, name: str, email: str) -> PasswordFault | None:
    """Return why the password is too easy to guess for this person, or None when it will do."""
    plain = password.casefold()
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.LONG
    if len(set(plain)) < FEWEST_CHARACTERS or _without(plain, COMMON) < SHORTEST_PASSWORD // 2:
        return PasswordFault.COMMON
    own = [part for part in (*name.casefold().split(), *email.casefold().replace("@", ".").split(".")) if len(part) > 2]  # noqa: PLR2004
    if _without(plain, own) < SHORTEST_PASSWORD // 2:
        return PasswordFault.NAME
    return None


def _without(text: str, parts: Iterable[str]) -> int:
    """Return how many characters are left when the parts are taken out, wherever they stand."""
    for part in parts:
        text = text.replace(part, "")
    return len(text)
