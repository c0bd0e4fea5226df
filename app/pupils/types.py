"""Who a child is, as others say it."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from app.kernel.identity_number import IdentityKind

__all__ = ["ChildIdentity", "IdentityKind", "comparable_name"]


@dataclass(frozen=True, slots=True, repr=False)
class ChildIdentity:
    """A child as one school knows it. `number` is in twelve positions (`IdentityNumber.unmasked`), None without one."""

    kind: IdentityKind
    number: str | None
    name: str
    birth_date: date | None = None
    home_municipality_code: str | None = None

    def __post_init__(self) -> None:
        if (self.number is None) is not (self.kind is IdentityKind.NONE):
            raise ValueError("a number is there exactly when its kind says so")

    def __repr__(self) -> str:
        return f"ChildIdentity({self.kind.value})"

    @property
    def is_proof(self) -> bool:
        """Whether the number is one that only one person has."""
        return self.kind in (IdentityKind.PERSONAL, IdentityKind.COORDINATION)


def comparable_name(name: str) -> str:
    """Return a name so that order, case, accents and hyphens make no difference: for hints only, never for identity."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in plain).split()))
