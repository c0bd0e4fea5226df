"""The municipality and its schools: who runs them, when they are open, how they are reached."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed
from app.schools.types import BreakKind, DaySpan, OrganiserKind, TermKind, YearDays


class Municipality(Model):
    """The tenant: everything that says something about a child belongs to exactly one."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(4), unique=True)
    """Statistics Sweden's municipality code; text, since it may begin with a zero."""
    name: Mapped[str] = mapped_column(String(120))
    department: Mapped[str] = mapped_column(String(120))
    board_name: Mapped[str] = mapped_column(String(120))
    """The board that runs the schools, in whose name they are asked."""
    coordinator_name: Mapped[str] = mapped_column(String(120))
    coordinator_phone: Mapped[str] = mapped_column(String(40))
    """Whom schools are told to ask; shown to everyone who is signed in."""


class SchoolOrganiser(Model, Tenanted):
    """Who runs a school and decides when its terms begin."""

    __tablename__ = "school_organiser"
    __table_args__ = (UniqueConstraint("municipality_id", "name"),)

    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[OrganiserKind]
    organisation_number: Mapped[str] = mapped_column(String(11))


class SchoolUnit(Model, Tenanted, Versioned):
    """What answers a survey. A building may house several units, a principal may answer for several."""

    __tablename__ = "school_unit"
    __table_args__ = (
        UniqueConstraint("municipality_id", "school_unit_code"),
        CheckConstraint("enrolled >= 0", name="enrolled_is_no_debt"),
    )

    organiser_id: Mapped[UUID] = mapped_column(ForeignKey("school_organiser.id"), index=True)
    school_unit_code: Mapped[str] = mapped_column(String(8))
    """Eight digits of the national register of school units; text, since it may begin with a zero."""
    name: Mapped[str] = mapped_column(String(120))
    school_forms: Mapped[str] = mapped_column(String(120))
    principal_name_sealed: Mapped[bytes]
    principal_name = Sealed("principal_name_sealed")
    email_sealed: Mapped[bytes]
    email = Sealed("email_sealed")
    phone_sealed: Mapped[bytes]
    phone = Sealed("phone_sealed")
    head_name_sealed: Mapped[bytes | None]
    head_name = Sealed("head_name_sealed")
    """The one the principal answers to, who is told when a school stays silent; None when nobody is known."""
    head_email_sealed: Mapped[bytes | None]
    head_email = Sealed("head_email_sealed")
    head_phone_sealed: Mapped[bytes | None]
    head_phone = Sealed("head_phone_sealed")
    enrolled: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)

    organiser: Mapped[SchoolOrganiser] = relationship(lazy="raise")


class SchoolYear(Model, Tenanted, Versioned):
    """A school year as one organiser runs it, or as one of its units does where that differs."""

    __tablename__ = "school_year"
    __table_args__ = (
        UniqueConstraint("organiser_id", "name"),
        UniqueConstraint("school_unit_id", "name"),
        CheckConstraint("starts_on < ends_on", name="ends_after_it_starts"),
        CheckConstraint("(organiser_id IS NULL) <> (school_unit_id IS NULL)", name="has_one_owner"),
    )

    organiser_id: Mapped[UUID | None] = mapped_column(ForeignKey("school_organiser.id"))
    school_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("school_unit.id"))
    """A unit's own year takes the place of its organiser's year of the same name, all of it."""
    name: Mapped[str] = mapped_column(String(9))
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    terms: Mapped[list["Term"]] = relationship(
        back_populates="school_year", lazy="raise", cascade="all, delete-orphan", order_by="Term.starts_on"
    )
    breaks: Mapped[list["SchoolBreak"]] = relationship(
        back_populates="school_year",
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="SchoolBreak.starts_on, SchoolBreak.id",
    )

    @property
    def owner_id(self) -> UUID:
        """Whose year it is: the unit's or the organiser's id."""
        owner_id = self.school_unit_id or self.organiser_id
        if owner_id is None:
            raise ValueError("a school year without an owner")
        return owner_id

    @property
    def days(self) -> YearDays:
        """The days as one value; terms and breaks must be loaded."""
        return YearDays(
            name=self.name,
            year=DaySpan(self.starts_on, self.ends_on),
            terms={term.kind: DaySpan(term.starts_on, term.ends_on) for term in self.terms},
            breaks=tuple((each.kind, DaySpan(each.starts_on, each.ends_on)) for each in self.breaks),
        )


class Term(Model, Tenanted):
    """A term; its first day is what rounds are reckoned from."""

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("school_year_id", "kind"),
        CheckConstraint("starts_on < ends_on", name="ends_after_it_starts"),
        Index(None, "starts_on"),
    )

    school_year_id: Mapped[UUID] = mapped_column(ForeignKey("school_year.id"))
    kind: Mapped[TermKind]
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    school_year: Mapped[SchoolYear] = relationship(back_populates="terms", lazy="raise")


class SchoolBreak(Model, Tenanted):
    """Days when one organiser's schools are closed though others work."""

    __tablename__ = "school_break"
    __table_args__ = (
        UniqueConstraint("school_year_id", "kind", "starts_on"),
        CheckConstraint("starts_on <= ends_on", name="ends_after_it_starts"),
    )

    school_year_id: Mapped[UUID] = mapped_column(ForeignKey("school_year.id"))
    kind: Mapped[BreakKind]
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    school_year: Mapped[SchoolYear] = relationship(back_populates="breaks", lazy="raise")


class CalendarNotice(Model, Tenanted):
    """That the coordinators were told of a school year nobody has entered. The key makes each telling happen once."""

    __tablename__ = "calendar_notice"
    __table_args__ = (UniqueConstraint("organiser_id", "school_year", "occasion"),)

    organiser_id: Mapped[UUID] = mapped_column(ForeignKey("school_organiser.id"))
    school_year: Mapped[str] = mapped_column(String(9))
    occasion: Mapped[int]
    """Weeks since it should first be told."""
    told_at: Mapped[datetime]


class EmergencyNumber(Model, Tenanted, Versioned):
    """A number on the page *Ring nu*, in the municipality's own words and order."""

    __tablename__ = "emergency_number"

    label: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(120))
    is_urgent: Mapped[bool]
    """Whether it is for danger here and now, as 112; shown apart from the others."""
    position: Mapped[int]
