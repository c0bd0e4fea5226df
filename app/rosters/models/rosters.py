"""Rosters: who hands over which pupils for one round, sealed a class at a time, and what a school says about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.database import Model, Tenanted, Versioned
from app.kernel.encryption import Sealed, SealedJson
from app.kernel.errors import InvalidTransition
from app.rosters.types import Mark, RosterPupil, RosterSource, RosterState

_IS_STAGED = text("state = 'staged'")


class RosterUpload(Model, Tenanted):
    """One handing over: the rosters of one file or one fetch, confirmed together or not at all."""

    __tablename__ = "roster_upload"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    school_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("school_unit.id"))
    """The unit that handed over its own list; None when it is the municipality's."""
    source: Mapped[RosterSource]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    notes: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`UploadNotes` as plain values: letters of columns, ids of units, codes. The file's name is never kept."""


class Roster(Model, Tenanted, Versioned):
    """The pupils of one unit for one round: previewed, staged, destroyed; the counts outlive the pupils."""

    __tablename__ = "roster"
    __table_args__ = (
        UniqueConstraint("upload_id", "school_unit_id"),
        CheckConstraint("pupils >= 0 AND protected_count >= 0", name="counts_are_counts"),
        CheckConstraint("(state = 'destroyed') = (destroyed_at IS NOT NULL)", name="destroyed_has_a_time"),
        Index(
            "uq_roster_one_staged",
            "round_id",
            "school_unit_id",
            unique=True,
            sqlite_where=_IS_STAGED,
            postgresql_where=_IS_STAGED,
        ),
    )

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("roster_upload.id"))
    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    school_unit_id: Mapped[UUID] = mapped_column(ForeignKey("school_unit.id"), index=True)
    state: Mapped[RosterState] = mapped_column(default=RosterState.PREVIEWED)
    source: Mapped[RosterSource]
    pupils: Mapped[int]
    """Those on the list; pupils with protected identity are not among them."""
    protected_count: Mapped[int]
    """Pupils with protected identity, of whom nothing was kept."""
    staged_at: Mapped[datetime]
    staged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    destroyed_at: Mapped[datetime | None]

    upload: Mapped[RosterUpload] = relationship(lazy="raise")
    classes: Mapped[list["RosterClass"]] = relationship(
        lazy="raise", back_populates="roster", order_by="RosterClass.position", viewonly=True
    )

    def confirm(self) -> None:
        """Let the school begin on it."""
        if self.state is not RosterState.PREVIEWED:
            raise InvalidTransition("roster", self.state, RosterState.STAGED)
        self.state = RosterState.STAGED

    def mark_destroyed(self, *, at: datetime) -> None:
        """Say that the pupils are gone; whoever calls deletes the classes in the same transaction."""
        if self.state is RosterState.DESTROYED:
            raise InvalidTransition("roster", self.state, RosterState.DESTROYED)
        self.state, self.destroyed_at = RosterState.DESTROYED, at


class RosterClass(Model, Tenanted, Versioned):
    """One class: its pupils in one sealed value, so that they are read at once and gone with one row."""

    __tablename__ = "roster_class"
    __table_args__ = (
        UniqueConstraint("roster_id", "position"),
        CheckConstraint(
            "present >= 0 AND known_absence >= 0 AND missing >= 0 AND present + known_absence + missing <= size",
            name="counts_fit_the_class",
        ),
        CheckConstraint("NOT is_done OR present + known_absence + missing = size", name="done_adds_up"),
    )

    roster_id: Mapped[UUID] = mapped_column(ForeignKey("roster.id"))
    position: Mapped[int]
    name_sealed: Mapped[bytes]
    name = Sealed("name_sealed")
    """What the school calls it; empty when the list did not say."""
    pupils_sealed: Mapped[bytes]
    rows = SealedJson("pupils_sealed")
    """A list of {"key", "name", "number", "birth_date", "grade", "mark"}; read it through `pupils`."""
    size: Mapped[int]
    present: Mapped[int] = mapped_column(default=0)
    known_absence: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    is_done: Mapped[bool] = mapped_column(default=False)
    """Every pupil has a mark."""
    saved_at: Mapped[datetime | None]
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    roster: Mapped[Roster] = relationship(lazy="raise", back_populates="classes")

    @property
    def school_unit_id(self) -> UUID:
        """The unit, for the policy; needs `roster` loaded."""
        return self.roster.school_unit_id

    @property
    def marked(self) -> int:
        """How many have a mark."""
        return self.present + self.known_absence + self.missing

    @property
    def pupils(self) -> Sequence[RosterPupil]:
        """The pupils in the order of the list. Show them only with a read trace."""
        name = self.name
        return [
            RosterPupil(
                row["name"],
                row["number"],
                row["birth_date"],
                row["grade"],
                name,
                row["key"],
                Mark(row["mark"]) if row["mark"] else None,
            )
            for row in self.rows
        ]

    @pupils.setter
    def pupils(self, pupils: Sequence[RosterPupil]) -> None:
        self._keep([(pupil.key, pupil) for pupil in pupils])

    def take_in(self, pupils: Sequence[RosterPupil]) -> None:
        """Make these the pupils of a new class, and give each a key."""
        self._keep([(str(number), pupil) for number, pupil in enumerate(pupils, 1)])

    def _keep(self, pupils: Sequence[tuple[str, RosterPupil]]) -> None:
        self.rows = [
            {
                "key": key,
                "name": pupil.name,
                "number": pupil.number,
                "birth_date": pupil.birth_date,
                "grade": pupil.grade,
                "mark": pupil.mark or "",
            }
            for key, pupil in pupils
        ]
        marks = [pupil.mark for _, pupil in pupils]
        self.size, self.present = len(marks), marks.count(Mark.PRESENT)
        self.known_absence, self.missing = marks.count(Mark.KNOWN), marks.count(Mark.MISSING)
        self.is_done = None not in marks
