"""A whole reading of a register: its units, the pupils at ours, their protection and their classes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Protocol, TypeVar

from app.rosters.service.client.connection import RegisterFailed
from app.rosters.service.client.entities import (
    Enrolment,
    Group,
    Organisation,
    Person,
    read_group,
    read_organisation,
    read_person,
)
from app.rosters.service.client.protection import find_protected, list_unmarked_guardians
from app.rosters.types import RosterPupil
from app.rosters.types.fetching import FetchFailure, FetchStep, NamedUnit

HIGHEST: Final = 10
"""Organisations above one another; more than this is a ring."""
STALE_PAGES: Final = 3
"""In a row without anything new: more of the same would come for ever."""
MOST_THINGS: Final = 1_000_000
"""Of one kind. The country's largest municipality has fewer pupils and guardians, were all of them sent."""

PUPILS: Final = {"relationship.entity.type": "enrolment"}
GUARDIANS: Final = {"relationship.entity.type": "responsibleFor.enrolment"}
CLASSES: Final = {"groupType": "Klass"}


class Source(Protocol):
    """Where pages come from."""

    def pages(self, noun: str, filters: Mapping[str, str]) -> Iterator[Sequence[Mapping[str, Any]]]:
        """Yield the things called `noun`, a page at a time."""


class Identified(Protocol):
    """What has an id in the register."""

    @property
    def id(self) -> str:
        """The id."""


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: the school units of a round, on its day, and what one knows since last time."""

    codes: frozenset[str]
    on: date
    known_units: Mapping[str, str]
    omits_unmarked: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found. Whoever is protected is a number in `protected`, and nowhere else."""

    pupils: Mapping[str, Sequence[RosterPupil]] = field(repr=False)
    """By school unit code, as `protected`."""
    protected: Mapping[str, int]
    others: Sequence[NamedUnit]
    """School units that were not asked for."""
    unit_codes: Mapping[str, str]
    """The code of each organisation that is one of the units asked for, by its id."""
    unplaced: int
    tells_guardians: bool


@dataclass(slots=True)
class _Pupils:
    """The pupils found so far, with the unit each goes to."""

    units: dict[str, frozenset[str]] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    grades: dict[tuple[str, str], str] = field(default_factory=dict)
    markings: dict[str, bool | None] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Guardians of somebody protected, wherever that child goes to school, and guardians marked beside a child."""
    placed: int = 0
    unplaced: int = 0


def read_register(source: Source, wanted: Wanted, note: Callable[[FetchStep], None]) -> Reading:
    """Return who goes to the wanted units; `note` is told of each step as it begins.

    Raises `RegisterFailed`, also when the register contradicts itself or what is known of it.
    """
    note(FetchStep.UNITS)
    organisations = _read_organisations(source, wanted)
    codes = {each: _code_above(organisations, each) for each in organisations}
    note(FetchStep.PUPILS)
    found = _read_pupils(source, wanted, codes)
    note(FetchStep.GUARDIANS)
    markings = found.markings | _read_guardians(source, wanted, found)
    protected = find_protected(
        found.persons.values(), markings, hidden=found.hidden, omits_unmarked=wanted.omits_unmarked
    )
    note(FetchStep.CLASSES)
    classes = _read_classes(source, wanted, found, codes)
    return Reading(
        pupils=_list_pupils(found, protected, classes),
        protected=Counter(unit for each in protected for unit in found.units[each]),
        others=_list_others(organisations.values(), wanted.codes),
        unit_codes={each: code for each, code in codes.items() if code in wanted.codes},
        unplaced=found.unplaced,
        tells_guardians=any(person.guardians for person in found.persons.values()),
    )


def _read_new(
    source: Source, noun: str, filters: Mapping[str, str], read: Callable[[Mapping[str, Any]], T]
) -> Iterator[T]:
    """Yield each thing once. The same id saying another thing, or page after page of old ones, ends the reading."""
    seen: dict[str, int] = {}
    stale = 0
    for page in source.pages(noun, filters):
        known = len(seen)
        for thing in map(read, page):
            if thing.id not in seen:
                seen[thing.id] = hash(thing)
                yield thing
            elif seen[thing.id] != hash(thing):
                raise RegisterFailed(FetchFailure.CHANGED)
        stale = stale + 1 if len(seen) == known else 0
        if stale >= STALE_PAGES:
            raise RegisterFailed(FetchFailure.ENDLESS)
        if len(seen) > MOST_THINGS:
            raise RegisterFailed(FetchFailure.TOO_MUCH)


def _read_organisations(source: Source, wanted: Wanted) -> dict[str, Organisation]:
    found = {each.id: each for each in _read_new(source, "organisations", {}, read_organisation)}
    now: defaultdict[str, set[str]] = defaultdict(set)
    before: defaultdict[str, set[str]] = defaultdict(set)
    for each in found.values():
        if each.code is not None:
            now[each.code].add(each.id)
    for own_id, code in wanted.known_units.items():
        before[code].add(own_id)
        if own_id in found and found[own_id].code != code and _code_above(found, own_id) != code:
            raise RegisterFailed(FetchFailure.CHANGED)
    # A code that has wandered to an organisation nobody had seen: it may be another school by now.
    if any(now[code] and not now[code] & ids for code, ids in before.items() if code in wanted.codes):
        raise RegisterFailed(FetchFailure.CHANGED)
    return found


def _code_above(organisations: Mapping[str, Organisation], own_id: str) -> str | None:
    """Return the code of an organisation, or of the nearest above it: some pupils are enrolled at a part of a unit."""
    here: str | None = own_id
    for _ in range(HIGHEST):
        if here is None or here not in organisations:
            return None
        if (code := organisations[here].code) is not None:
            return code
        here = organisations[here].parent
    return None


def _read_pupils(source: Source, wanted: Wanted, codes: Mapping[str, str | None]) -> _Pupils:
    found = _Pupils()
    numbers: dict[str, str] = {}
    for person in _read_new(source, "persons", PUPILS, _reader(wanted)):
        found.markings[person.id] = person.is_marked
        found.hidden |= {each for each, is_marked in person.guardians if is_marked or person.is_marked} - {""}
        if not _place(found, person, wanted, codes):
            continue
        if person.number and numbers.setdefault(person.number, person.id) != person.id:
            raise RegisterFailed(FetchFailure.CHANGED)  # The same pupil under another id.
        found.persons[person.id] = replace(person, enrolments=())  # Read; and they are much to keep for everybody.
    if found.unplaced > found.placed:  # The ids of schools are others than a moment ago.
        raise RegisterFailed(FetchFailure.CHANGED)
    if not found.persons:
        raise RegisterFailed(FetchFailure.NO_PUPILS)
    return found


def _reader(wanted: Wanted) -> Callable[[Mapping[str, Any]], Person]:
    return lambda plain: read_person(plain, wanted.on)


def _place(found: _Pupils, person: Person, wanted: Wanted, codes: Mapping[str, str | None]) -> bool:
    """Note at which of the wanted units somebody is a pupil; return whether at any."""
    units = set()
    for enrolment in _current(person, wanted.on):
        if enrolment.place not in codes:
            found.unplaced += 1
            continue
        found.placed += 1
        if (code := codes[enrolment.place]) is not None and code in wanted.codes:
            units.add(code)
            found.grades[person.id, code] = enrolment.grade
    if units:
        found.units[person.id] = frozenset(units)
    return bool(units)


def _current(person: Person, day: date) -> list[Enrolment]:
    return [each for each in person.enrolments if person.is_alive and each.is_current(day)]


def _read_guardians(source: Source, wanted: Wanted, found: _Pupils) -> dict[str, bool | None]:
    """Return the markings of guardians that stood neither beside their pupils nor among the persons read."""
    sought = list_unmarked_guardians(found.persons.values()) - found.markings.keys() - {""}
    if not sought:
        return {}
    persons = _read_new(source, "persons", GUARDIANS, _reader(wanted))
    return {person.id: person.is_marked for person in persons if person.id in sought}


def _read_classes(
    source: Source, wanted: Wanted, found: _Pupils, codes: Mapping[str, str | None]
) -> Mapping[tuple[str, str], str]:
    """Return the name of the class that a pupil is in at a unit, by both; of several, the first by name."""
    classes: dict[tuple[str, str], str] = {}
    members = known = 0
    for group in _read_new(source, "groups", CLASSES, read_group):
        place = codes.get(group.place or "")
        if not group.is_class or not group.span.holds(wanted.on) or (place is not None and place not in wanted.codes):
            continue
        current = _list_members(group, wanted.on)
        members += len(current)
        known += sum(pupil in found.markings for pupil in current)
        for both in ((pupil, unit) for pupil in current for unit in found.units.get(pupil, ())):
            if place in (None, both[1]):
                classes[both] = min(group.name, classes.get(both, group.name))
    if members and not known:  # The ids of pupils are others than a moment ago.
        raise RegisterFailed(FetchFailure.CHANGED)
    return classes


def _list_members(group: Group, day: date) -> list[str]:
    return [person for person, span in group.members if span.holds(day)]


def _list_pupils(
    found: _Pupils, protected: Collection[str], classes: Mapping[tuple[str, str], str]
) -> dict[str, list[RosterPupil]]:
    pupils: defaultdict[str, list[RosterPupil]] = defaultdict(list)
    for person in found.persons.values():
        for unit in () if person.id in protected else sorted(found.units[person.id]):
            pupils[unit].append(
                RosterPupil(
                    name=person.name,
                    number=person.number,
                    birth_date=person.birth_date.isoformat() if person.birth_date else "",
                    grade=found.grades[person.id, unit],
                    school_class=classes.get((person.id, unit), ""),
                )
            )
    return dict(pupils)


def _list_others(organisations: Collection[Organisation], wanted: frozenset[str]) -> Sequence[NamedUnit]:
    others = {each.code: each.name for each in organisations if each.code is not None and each.code not in wanted}
    return [NamedUnit(code, name) for code, name in sorted(others.items())]
