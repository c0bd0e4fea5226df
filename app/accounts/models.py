"""Accounts, memberships, sign-in sessions, one-time links and attempts to sign in."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.actor import Actor, Role
from app.accounts.types import (
    ABSOLUTE_AFTER,
    IDLE_AFTER,
    IDLE_AFTER_AT_SCHOOL,
    INVITATION_LASTS,
    LINK_LASTS,
    Duty,
    LinkPurpose,
)
from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed
from app.kernel.tokens import make_token

if TYPE_CHECKING:
    from app.schools.models import Municipality, SchoolUnit

AT_SCHOOL = frozenset({Role.STAFF, Role.RESPONDENT})
INVITATION_TOKEN = "invitation"  # noqa: S105 - what a token is for
_STANDS = text("withdrawn_at IS NULL")


class Person:
    """Who somebody is and where they are written to."""

    name_sealed: Mapped[bytes]
    name = Sealed("name_sealed")
    title_sealed: Mapped[bytes]
    title = Sealed("title_sealed")
    email_sealed: Mapped[bytes]
    email = Sealed("email_sealed")


class Account(Model, Person, Tenanted, Versioned):
    """A person who signs in. It has one role."""

    __tablename__ = "account"

    phone_sealed: Mapped[bytes]
    phone = Sealed("phone_sealed")
    email_index: Mapped[bytes] = mapped_column(unique=True)
    """Keyed hash of the address in lower case, unique in the installation: at sign-in there is no municipality yet."""
    role: Mapped[Role]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    activated_at: Mapped[datetime | None]

    municipality: Mapped["Municipality"] = relationship(lazy="raise")
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="account", lazy="raise", order_by="Membership.id", foreign_keys="Membership.account_id"
    )

    @property
    def idle_after(self) -> timedelta:
        """How long a session of this account may rest."""
        return IDLE_AFTER_AT_SCHOOL if self.role in AT_SCHOOL else IDLE_AFTER

    def as_actor(self, on: date) -> Actor:
        """Return the actor that this account is on a day."""
        held = [each for each in self.memberships if each.holds(on)]
        return Actor(
            self.id,
            self.municipality_id,
            self.role,
            unit_ids=frozenset(each.school_unit_id for each in held),
            answers_for=frozenset(each.school_unit_id for each in held if each.duty.answers),
            leads=frozenset(each.school_unit_id for each in held if each.duty.leads),
        )


class Membership(Model, Tenanted):
    """That an account works at a school unit, or answers for it, from one day to another."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "ix_membership_standing",
            "account_id",
            "school_unit_id",
            "duty",
            "starts_on",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("duty NOT IN ('acting', 'delegate') OR ends_on IS NOT NULL", name="for_a_time_has_an_end"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    duty: Mapped[Duty]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Who let them answer; None when a file did, as the municipality was set up."""
    withdrawn_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(back_populates="memberships", lazy="raise", foreign_keys=[account_id])
    school_unit: Mapped["SchoolUnit"] = relationship(lazy="raise")

    def holds(self, on: date) -> bool:
        """Whether the membership holds on a day, its last included."""
        return self.withdrawn_at is None and self.starts_on <= on and not self.is_past(on)

    def leads(self, unit_id: UUID) -> bool:
        """Whether it makes one principal of a unit, ordinary or acting."""
        return self.duty.leads and self.school_unit_id == unit_id

    def is_past(self, on: date) -> bool:
        """Whether its last day has gone by."""
        return self.ends_on is not None and self.ends_on < on


class SignInSession(Model, Tenanted):
    """One sign-in. The cookie's token is stored hashed; ending the row ends it in every process at once."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise")

    def is_alive(self, at: datetime) -> bool:
        """Whether the session may still be used, by the machine's clock."""
        return (
            self.ended_at is None
            and self.account.is_active
            and at < self.last_seen_at + self.account.idle_after
            and at < self.started_at + ABSOLUTE_AFTER
        )


class OneTimeLink(Model, Tenanted):
    """A link that lets the owner of an address choose a password, once. The token is made from the id and the keys."""

    __tablename__ = "one_time_link"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[LinkPurpose]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise")

    @property
    def token(self) -> str:
        """The token, for the link's URL and nowhere else."""
        return make_token(self.purpose.value, self.id)

    def is_usable(self, at: datetime) -> bool:
        """Whether the link may be used, by the machine's clock."""
        return self.used_at is None and self.account.is_active and at < self.made_at + LINK_LASTS[self.purpose]


class AccountInvitation(Model, Person, Tenanted):
    """A mail that lets one person choose a password and answer for school units. A new mail is a new row.

    It is no account until then, so that an address which somebody has in another municipality can be invited like any
    other, and nobody is told.
    """

    __tablename__ = "account_invitation"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("duty NOT IN ('acting', 'delegate') OR ends_on IS NOT NULL", name="for_a_time_has_an_end"),
    )

    email_index: Mapped[bytes] = mapped_column(index=True)
    duty: Mapped[Duty]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When it was taken back, or a newer mail took its place."""
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """The account it became."""

    municipality: Mapped["Municipality"] = relationship(lazy="raise")
    invited_units: Mapped[list["InvitedUnit"]] = relationship(
        lazy="raise", order_by="InvitedUnit.id", cascade="all, delete-orphan"
    )

    @property
    def token(self) -> str:
        """The token, for the link's URL and nowhere else."""
        return make_token(INVITATION_TOKEN, self.id)

    @property
    def school_unit_id(self) -> UUID:
        """The unit of a delegation, which is to one; the units must be loaded."""
        return self.invited_units[0].school_unit_id

    def is_open(self, on: date) -> bool:
        """Whether it still leads to something on a day, however old its link is."""
        return self.used_at is None and self.ended_at is None and (self.ends_on is None or on <= self.ends_on)

    def has_expired(self, at: datetime) -> bool:
        """Whether its link is too old, by the machine's clock."""
        return at >= self.sent_at + INVITATION_LASTS


class InvitedUnit(Model, Tenanted):
    """A school unit that an invited person is to answer for."""

    __tablename__ = "invited_unit"
    __table_args__ = (UniqueConstraint("invitation_id", "school_unit_id"),)

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("account_invitation.id"))
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)

    school_unit: Mapped["SchoolUnit"] = relationship(lazy="raise")


class SignInAttempt(Model):
    """A try to sign in, for the throttle. It may name no account there is, so it belongs to no municipality."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "key", "at"),)

    key: Mapped[bytes]
    """Keyed hash of mail address and network address together: others at the same school are unaffected."""
    at: Mapped[datetime]
