"""What a register holds, reduced to what a class list and its safety need. A guardian is an id and a marking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NoReturn

from app.rosters.service.client.connection import RegisterFailed
from app.rosters.service.client.values import (
    read_day,
    read_grade,
    read_id,
    read_identity,
    read_marking,
    read_school_unit_code,
    read_text,
)
from app.rosters.types.fetching import FetchFailure

Plain = Mapping[str, Any]

OTHER_SCHOOL_TYPES: Final = frozenset(
    {
        *("FS", "FTH", "OPPFTH", "SFI", "KU", "YH", "FHS", "STF", "KKU", "HS", "ABU", "AU"),
        *("VUX", "VUXSFI", "VUXGR", "VUXGY", "VUXSARGR", "VUXSARTR", "VUXSARGY", "SARVUX", "SARVUXGR", "SARVUXGY"),
    }
)
"""Preschool, after-school care, adults: nobody asks them. A word that is not here is taken for a school."""
PRESCHOOL_CLASS: Final = frozenset({"FKLASS", "FSK"})
CLASS: Final = "klass"
DEAD: Final = "avliden"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another; without an end it goes on."""

    starts: date | None
    ends: date | None

    def holds(self, day: date) -> bool:
        """Whether a day lies within, both ends counted."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A part of the school organiser; a school unit has a code, what stands above it has none."""

    id: str
    code: str | None
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """That somebody goes to school somewhere."""

    place: str
    span: Span
    school_type: str
    grade: str
    is_cancelled: bool

    def is_current(self, day: date) -> bool:
        """Whether it is an enrolment at a school on a day."""
        return not self.is_cancelled and self.school_type not in OTHER_SCHOOL_TYPES and self.span.holds(day)


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A pupil, or somebody who is none; a marking of None says that the register told none."""

    id: str
    name: str
    number: str
    birth_date: date | None
    is_marked: bool | None
    is_alive: bool
    enrolments: tuple[Enrolment, ...]
    guardians: tuple[tuple[str, bool | None], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A class and who is in it."""

    id: str
    name: str
    place: str | None
    is_class: bool
    span: Span
    members: tuple[tuple[str, Span], ...]


def read_organisation(plain: Plain) -> Organisation:
    """Return an organisation. Raises `RegisterFailed`, as all of these do when something has no id or another shape."""
    return Organisation(
        id=_own_id(plain),
        code=read_school_unit_code(plain.get("schoolUnitCode")),
        name=read_text(plain.get("displayName")),
        parent=read_id(plain.get("parentOrganisation")),
    )


def read_person(plain: Plain, today: date) -> Person:
    """Return a person."""
    number, born = read_identity(plain.get("civicNo"), today)
    names = (read_text(plain.get("givenName")), read_text(plain.get("familyName")))
    return Person(
        id=_own_id(plain),
        name=" ".join(name for name in names if name) or read_text(plain.get("displayName")),
        number=number,
        birth_date=read_day(plain.get("birthDate")) or born,
        is_marked=read_marking(plain.get("securityMarking")),
        is_alive=read_text(plain.get("personStatus")).lower() != DEAD,
        enrolments=tuple(_read_enrolment(each) for each in _list(plain, "enrolments")),
        guardians=tuple(_read_guardian(each) for each in _list(plain, "responsibles")),
    )


def read_group(plain: Plain) -> Group:
    """Return a group."""
    members = ((read_id(each.get("person")), _span(each)) for each in _list(plain, "groupMemberships"))
    return Group(
        id=_own_id(plain),
        name=read_text(plain.get("displayName")),
        place=read_id(plain.get("organisation")),
        is_class=read_text(plain.get("groupType")).lower() == CLASS,
        span=_span(plain),
        members=tuple((person, span) for person, span in members if person is not None),
    )


def _read_enrolment(plain: Plain) -> Enrolment:
    school_type = read_text(plain.get("schoolType")).upper()
    grade = read_grade(plain.get("schoolYear"))
    return Enrolment(
        place=read_id(plain.get("enroledAt")) or "",
        span=_span(plain),
        school_type=school_type,
        grade="F" if school_type in PRESCHOOL_CLASS else grade,
        is_cancelled=plain.get("cancelled") in (True, "true"),  # Unreadable is not cancelled: no child is lost by it.
    )


def _read_guardian(plain: Plain) -> tuple[str, bool | None]:
    """Return a guardian's id and marking, which may stand at the reference or at the person in it."""
    person = plain.get("person", plain)
    places = (plain, person) if isinstance(person, Mapping) else (plain,)
    told = [marking for place in places if (marking := read_marking(place.get("securityMarking"))) is not None]
    return read_id(person) or "", any(told) if told else None


def _span(plain: Plain) -> Span:
    return Span(read_day(plain.get("startDate")), read_day(plain.get("endDate")))


def _own_id(plain: Plain) -> str:
    return read_id(plain.get("id")) or _unreadable()


def _list(plain: Plain, name: str) -> Sequence[Plain]:
    value = plain.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        _unreadable()
    return value


def _unreadable() -> NoReturn:
    raise RegisterFailed(FetchFailure.UNREADABLE)
