"""Who a child is, as others say it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.identity_number import IdentityKind

__all__ = ["ChildIdentity", "GradeBand", "IdentityKind", "are_other_names", "comparable_name", "grade_band"]


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
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in plain).split()))


def are_other_names(one: str, other: str) -> bool:
    """Tell whether two names have no word in common: then one number for both may be two children's."""
    words, others = set(comparable_name(one).split()), set(comparable_name(other).split())
    return bool(words and others) and words.isdisjoint(others)


class GradeBand(StrEnum):
    """A row of a term's figures, kept unencrypted beside a child's answers: it says no more than a stage of school."""

    LOWER = "lower"
    MIDDLE = "middle"
    UPPER = "upper"
    UPPER_SECONDARY = "upper_secondary"
    OTHER = "other"
    """Adapted, special and Sami schools, which are small, and whatever nobody knows."""


_FORMS = {"preschool_class": GradeBand.LOWER, "upper_secondary": GradeBand.UPPER_SECONDARY}
_LAST_GRADES = ((3, GradeBand.LOWER), (6, GradeBand.MIDDLE), (10, GradeBand.UPPER))
"""The last grade of each stage until the autumn of 2028, when grades are numbered anew (skollagen 2010:800)."""


def grade_band(school_form: str | None, grade: str) -> GradeBand:
    """Return the row in which a child of a school form and a grade, as somebody typed it, is counted."""
    if school_form != "compulsory":
        return _FORMS.get(school_form or "", GradeBand.OTHER)
    number = re.search(r"\d{1,2}", grade, re.ASCII)
    if number is None or int(number.group()) == 0:
        return GradeBand.OTHER
    return next((band for last, band in _LAST_GRADES if int(number.group()) <= last), GradeBand.OTHER)
