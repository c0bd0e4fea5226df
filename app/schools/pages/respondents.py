"""Who answers for each school unit, until when, and who has been invited to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.accounts.models import AT_SCHOOL, Account, AccountInvitation, Membership
from app.accounts.types import Duty
from app.kernel import clock
from app.outbox.types import MessageState
from app.schools.models import SchoolUnit

DUTY_WORDS: Final = {
    Duty.STAFF: "Personal",
    Duty.PRINCIPAL: "Rektor",
    Duty.ACTING: "Tillförordnad rektor",
    Duty.DELEGATE: "Svarar i rektors ställe",
}


@dataclass(frozen=True, slots=True)
class RespondentRow:
    """Somebody who answers for a unit, now or later."""

    membership_id: UUID
    name: str
    title: str
    duty: str
    """Empty for one whose own title says it."""
    starts_on: date | None
    """None when it holds already."""
    ends_on: date | None
    has_account: bool
    """Whether the person has chosen a password."""
    is_delegate: bool


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """Somebody who was invited and has no account yet."""

    invitation_id: UUID
    name: str
    duty: str
    sent_at: datetime
    ends_on: date | None
    has_expired: bool
    has_bounced: bool


@dataclass(frozen=True, slots=True)
class UnitRespondents:
    """Who answers for one unit."""

    unit: SchoolUnit
    answering: Sequence[RespondentRow]
    invited: Sequence[InvitedRow]

    @property
    def is_unanswered(self) -> bool:
        """Whether nobody can answer for the unit today."""
        return not any(row.starts_on is None and row.has_account for row in self.answering)


def make_respondents(
    units: Sequence[SchoolUnit],
    memberships: Sequence[Membership],
    invitations: Sequence[AccountInvitation],
    mails: Mapping[str, MessageState],
) -> list[UnitRespondents]:
    """Return who answers for each unit, in the units' order."""
    answering: defaultdict[UUID, list[RespondentRow]] = defaultdict(list)
    for membership in memberships:
        if membership.duty.answers:
            answering[membership.school_unit_id].append(_row(membership))
    invited: defaultdict[UUID, list[InvitedRow]] = defaultdict(list)
    for invitation in invitations:
        if invitation.is_open(clock.today()):
            for each in invitation.invited_units:
                invited[each.school_unit_id].append(_invited(invitation, mails))
    return [UnitRespondents(unit, answering[unit.id], invited[unit.id]) for unit in units]


def _row(membership: Membership) -> RespondentRow:
    return RespondentRow(
        membership_id=membership.id,
        name=membership.account.name,
        title=membership.account.title,
        duty=_duty_words(membership),
        starts_on=membership.starts_on if membership.starts_on > clock.today() else None,
        ends_on=membership.ends_on,
        has_account=membership.account.activated_at is not None,
        is_delegate=membership.duty is Duty.DELEGATE,
    )


def _duty_words(membership: Membership) -> str:
    is_told = membership.duty is Duty.PRINCIPAL and membership.account.title
    return "" if is_told else DUTY_WORDS[membership.duty]


def _invited(invitation: AccountInvitation, mails: Mapping[str, MessageState]) -> InvitedRow:
    return InvitedRow(
        invitation_id=invitation.id,
        name=invitation.name,
        duty=DUTY_WORDS[invitation.duty],
        sent_at=invitation.sent_at,
        ends_on=invitation.ends_on,
        has_expired=invitation.has_expired(clock.wall()),
        has_bounced=mails.get(mail_key(invitation)) is MessageState.DEAD,
    )


def mail_key(invitation: AccountInvitation) -> str:
    """Return the key of the mail that carried an invitation."""
    return f"account_invitation:{invitation.id}"


def list_candidates(accounts: Sequence[Account], but: Collection[UUID]) -> list[tuple[UUID, str]]:
    """Return the accounts of schools that can be asked to answer, with the words to choose them by."""
    return [
        (account.id, f"{account.name}, {account.title}" if account.title else account.name)
        for account in accounts
        if account.role in AT_SCHOOL and account.is_active and account.id not in but
    ]
