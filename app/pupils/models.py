"""A child, encrypted."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Model, Tenanted
from app.kernel.encryption import Sealed
from app.kernel.identity_number import IdentityKind


class Child(Model, Tenanted):
    """A child some school misses or somebody fears for.

    A personnummer or samordningsnummer makes it one with every other report of that number; a temporary number, or a
    name and birth date, only ever suggests.
    """

    __tablename__ = "child"
    __table_args__ = (
        UniqueConstraint("municipality_id", "number_index"),
        Index(None, "municipality_id", "loose_index"),
        Index(None, "municipality_id", "temporary_index"),
        CheckConstraint("(identity_kind = 'none') = (identity_number_sealed IS NULL)", name="number_fits_kind"),
        CheckConstraint(
            "(identity_kind IN ('personal', 'coordination')) = (number_index IS NOT NULL)", name="proof_is_indexed"
        ),
        CheckConstraint("(identity_kind = 'temporary') = (temporary_index IS NOT NULL)", name="hint_is_indexed"),
    )

    identity_kind: Mapped[IdentityKind]
    name_sealed: Mapped[bytes]
    name = Sealed("name_sealed")
    identity_number_sealed: Mapped[bytes | None]
    identity_number = Sealed("identity_number_sealed")
    """Twelve positions, None when the child has no number."""
    birth_date_sealed: Mapped[bytes | None]
    birth_date_text = Sealed("birth_date_sealed")
    home_municipality_code: Mapped[str | None] = mapped_column(String(4))
    number_index: Mapped[bytes | None]
    """Keyed hash of a number that only one person has."""
    temporary_index: Mapped[bytes | None]
    """Keyed hash of a TF number, which may have been given to two."""
    loose_index: Mapped[bytes | None]
    """Keyed hash of name and birth date together."""

    @property
    def birth_date(self) -> date | None:
        """The day of birth, as far as it is known."""
        text = self.birth_date_text
        return date.fromisoformat(text) if text else None

    @birth_date.setter
    def birth_date(self, day: date | None) -> None:
        self.birth_date_text = day.isoformat() if day else None

    @property
    def has_proof(self) -> bool:
        """Whether the child has a number that only one person has."""
        return self.number_index is not None
