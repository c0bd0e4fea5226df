"""Who answers for each school unit, until when, and who has been invited to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    is_succeeded: bool
    """Whether it is a principal, and the unit's mails go to another one: somebody should say if this one has left."""


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """Somebody who was invited and has no account yet."""

    invitation_id: UUID
    name: str
    email: str
    """Shown to whoever may send it again: a slip in it is the commonest reason why nobody comes."""
    duty: str
    is_principal: bool
    unit_count: int
    """How many units the invitation is to; to take it back is to take back all of them."""
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

    @property
    def succeeded(self) -> Sequence[RespondentRow]:
        """Principals who may have left: the unit's mails go to another."""
        return [row for row in self.answering if row.is_succeeded]

    @property
    def mails_invited(self) -> bool:
        """Whether the unit's mails go to somebody who has not accepted the invitation yet."""
        return any(row.is_principal and row.email == self.unit.email for row in self.invited)


def make_respondents(
    units: Sequence[SchoolUnit],
    memberships: Sequence[Membership],
    invitations: Sequence[AccountInvitation],
    mails: Mapping[str, MessageState],
) -> list[UnitRespondents]:
    """Return who answers for each unit: first those for which nobody can, otherwise in the units' order."""
    answering: defaultdict[UUID, list[Membership]] = defaultdict(list)
    for membership in memberships:
        if membership.duty.answers:
            answering[membership.school_unit_id].append(membership)
    invited: defaultdict[UUID, list[InvitedRow]] = defaultdict(list)
    for invitation in invitations:
        if invitation.is_open(clock.today()):
            for each in invitation.invited_units:
                invited[each.school_unit_id].append(_invited(invitation, mails))
    shown = [_unit_respondents(unit, answering[unit.id], invited[unit.id]) for unit in units]
    return sorted(shown, key=lambda one: not one.is_unanswered)


def _unit_respondents(
    unit: SchoolUnit, memberships: Sequence[Membership], invited: Sequence[InvitedRow]
) -> UnitRespondents:
    principals = {each.account.email for each in memberships if each.duty is Duty.PRINCIPAL}
    principals |= {row.email for row in invited if row.is_principal}
    has_chosen = unit.email in principals
    rows = [_row(each, is_succeeded=has_chosen and each.account.email != unit.email) for each in memberships]
    return UnitRespondents(unit, rows, invited)


def _row(membership: Membership, *, is_succeeded: bool) -> RespondentRow:
    return RespondentRow(
        membership_id=membership.id,
        name=membership.account.name,
        title=membership.account.title,
        duty=_duty_words(membership),
        starts_on=membership.starts_on if membership.starts_on > clock.today() else None,
        ends_on=membership.ends_on,
        has_account=membership.account.activated_at is not None,
        is_delegate=membership.duty is Duty.DELEGATE,
        is_succeeded=is_succeeded and membership.duty is Duty.PRINCIPAL,
    )


def _duty_words(membership: Membership) -> str:
    is_told = membership.duty is Duty.PRINCIPAL and membership.account.title
    return "" if is_told else DUTY_WORDS[membership.duty]


def _invited(invitation: AccountInvitation, mails: Mapping[str, MessageState]) -> InvitedRow:
    return InvitedRow(
        invitation_id=invitation.id,
        name=invitation.name,
        email=invitation.email,
        unit_count=len(invitation.invited_units),
        duty=DUTY_WORDS[invitation.duty],
        is_principal=invitation.duty is Duty.PRINCIPAL,
        sent_at=clock.shown(invitation.sent_at),
        ends_on=invitation.ends_on,
        has_expired=invitation.has_expired(clock.wall()),
        has_bounced=mails.get(mail_key(invitation)) is MessageState.DEAD,
    )


def mail_key(invitation: AccountInvitation) -> str:
    """Return the key of the mail that carried an invitation."""
    return f"account_invitation:{invitation.id}"


def list_colleagues(memberships: Sequence[Membership], unit_id: UUID) -> list[tuple[UUID, str]]:
    """Return those who work at a unit today and do not answer for it, with the words to choose them by."""
    today = [each for each in memberships if each.school_unit_id == unit_id and each.holds(clock.today())]
    answering = {each.account_id for each in today if each.duty.answers}
    return [
        (each.account_id, _words([each.account.name, each.account.title]))
        for each in today
        if each.account_id not in answering and each.account.role in AT_SCHOOL
    ]


def list_substitutes(accounts: Sequence[Account], unit: SchoolUnit) -> list[tuple[UUID, str]]:
    """Return those at the organiser's schools who could be a unit's acting principal, its own people first.

    Another organiser's people are none of its business: whoever comes from there is invited.
    """
    at_school = [each for each in accounts if each.role in AT_SCHOOL and each.is_active]
    held = {account.id: [each for each in account.memberships if each.holds(clock.today())] for account in at_school}
    leading = {each.account_id for own in held.values() for each in own if each.leads(unit.id)}
    own_first = sorted(at_school, key=lambda each: unit.id not in {one.school_unit_id for one in held[each.id]})
    return [
        (each.id, _words([each.name, each.title, *sorted({one.school_unit.name for one in held[each.id]})]))
        for each in own_first
        if each.id not in leading and unit.organiser_id in {one.school_unit.organiser_id for one in held[each.id]}
    ]


def _words(parts: Sequence[str]) -> str:
    return ", ".join(part for part in parts if part)
