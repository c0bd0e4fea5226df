"""Accounts, memberships, sign-in sessions, one-time links and attempts to sign in."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.actor import Actor, Role
from app.accounts.types import ABSOLUTE_AFTER, IDLE_AFTER, IDLE_AFTER_AT_SCHOOL, LINK_LASTS, LinkPurpose
from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed
from app.kernel.tokens import make_token

if TYPE_CHECKING:
    from app.schools.models import Municipality, SchoolUnit

AT_SCHOOL = frozenset({Role.STAFF, Role.RESPONDENT})


class Account(Model, Tenanted, Versioned):
    """A person who signs in. It has one role."""

    __tablename__ = "account"

    name_sealed: Mapped[bytes]
    name = Sealed("name_sealed")
    title_sealed: Mapped[bytes]
    title = Sealed("title_sealed")
    email_sealed: Mapped[bytes]
    email = Sealed("email_sealed")
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
        back_populates="account", lazy="raise", order_by="Membership.id"
    )

    @property
    def idle_after(self) -> timedelta:
        """How long a session of this account may rest."""
        return IDLE_AFTER_AT_SCHOOL if self.role in AT_SCHOOL else IDLE_AFTER

    def as_actor(self, on: date) -> Actor:
        """Return the actor that this account is on a day."""
        units = frozenset(m.school_unit_id for m in self.memberships if m.holds(on))
        return Actor(self.id, self.municipality_id, self.role, units)


class Membership(Model, Tenanted):
    """That an account answers for a school unit, or works there, from one day to another."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("account_id", "school_unit_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="memberships", lazy="raise")
    school_unit: Mapped["SchoolUnit"] = relationship(lazy="raise")

    def holds(self, on: date) -> bool:
        """Whether the membership holds on a day, its last included."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


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


class SignInAttempt(Model):
    """A try to sign in, for the throttle. It may name no account there is, so it belongs to no municipality."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "key", "at"),)

    key: Mapped[bytes]
    """Keyed hash of mail address and network address together: others at the same school are unaffected."""
    at: Mapped[datetime]
