"""An invented municipality as a register that speaks SS 12000 holds it: plain values, as they go over the wire."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.kernel.identity_number import check_digit

Plain = dict[str, Any]

FIRST_NAMES = ("Elin", "Nils", "Tuva", "Olle", "Ebba", "Yasmin", "Åke", "Samir", "Wilma", "Noel", "Zahra", "Ture")
FAMILY_NAMES = ("Sandhage", "Granndal", "Klarvik", "Nordenmark", "Öhrnfeldt", "Hallonqvist", "Vikander", "Lindéus")
UNMARKED, MARKED, HIDDEN = "Ingen", "Sekretessmarkering", "Skyddad folkbokföring"
META = {"created": "2025-08-01T08:00:00Z", "modified": "2026-06-12T15:04:05"}


@dataclass
class RegisterData:
    """What there is, by noun."""

    organisations: list[Plain] = field(default_factory=list)
    persons: list[Plain] = field(default_factory=list)
    groups: list[Plain] = field(default_factory=list)
    _random: random.Random = field(default_factory=lambda: random.Random(12000))  # noqa: S311 - invented children
    _numbers: set[str] = field(default_factory=set)

    def new_id(self) -> str:
        """Return an id that is the same in every run."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def add_organisation(self, name: str, code: str | None = None, parent: str | None = None, **values: Any) -> str:
        """Add a part of the school organiser; one with a code is a school unit. Return its id."""
        own_id = self.new_id()
        kind = "Skolenhet" if code else "Huvudman" if parent is None else "Skola"
        plain = {"id": own_id, "meta": META, "displayName": name, "organisationType": kind}
        plain |= {"schoolUnitCode": code} if code else {}
        plain |= {"parentOrganisation": {"id": parent, "displayName": "Älvhaga kommun"}} if parent else {}
        self.organisations.append(plain | values)
        return own_id

    def add_guardian(self, marking: str | None = UNMARKED, **values: Any) -> str:
        """Add somebody who is responsible for a pupil. Return the id."""
        own_id = self.new_id()
        name = {"givenName": "Vårdnadshavare", "familyName": self._random.choice(FAMILY_NAMES)}
        told = {} if marking is None else {"securityMarking": marking}
        self.persons.append(
            {"id": own_id, "meta": META, **name, "civicNo": {"value": self.number(self._random.randrange(1970, 1995))}}
            | told
            | values
        )
        return own_id

    def add_pupil(
        self,
        unit: str,
        *,
        guardians: Sequence[str] = (),
        marking: str | None = UNMARKED,
        enrolment: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> str:
        """Add a pupil of a unit. Return the id."""
        own_id = self.new_id()
        grade = values.pop("grade", 5)
        own = {
            "enroledAt": {"id": unit, "displayName": "En skola"},
            "schoolYear": grade,
            "schoolType": "GR",
            "startDate": "2025-08-18",
            "cancelled": False,
        }
        self.persons.append(
            {
                "id": own_id,
                "meta": META,
                "givenName": self._random.choice(FIRST_NAMES),
                "familyName": self._random.choice(FAMILY_NAMES),
                "eduPersonPrincipalNames": [],
                "civicNo": {"value": self.number(2020 - grade), "nationality": "SE"},
                "personStatus": "Aktiv",
                "responsibles": [
                    {"relationType": "Vårdnadshavare", "person": {"id": guardian, "displayName": "Vårdnadshavare"}}
                    for guardian in guardians
                ],
                "enrolments": [own | dict(enrolment or {})],
                "favouriteColour": "grön",
            }
            | ({} if marking is None else {"securityMarking": marking})
            | values
        )
        return own_id

    def add_class(self, name: str, unit: str, members: Sequence[str], **values: Any) -> str:
        """Add a class. Return its id."""
        own_id = self.new_id()
        self.groups.append(
            {
                "id": own_id,
                "meta": META,
                "displayName": name,
                "groupType": "Klass",
                "startDate": "2025-08-18",
                "organisation": {"id": unit},
                "groupMemberships": [{"person": {"id": member}, "startDate": "2025-08-18"} for member in members],
            }
            | values
        )
        return own_id

    def number(self, year: int) -> str:
        """Return a number of Skatteverket's series for tests, another each time."""
        while True:
            day = date(year, 1, 1) + timedelta(days=self._random.randrange(365))
            written = f"{day:%Y%m%d}{self._random.choice((238, 239))}"
            number = written + str(check_digit(written[2:]))
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def person(self, own_id: str) -> Plain:
        """Return somebody, to change."""
        return next(person for person in self.persons if person["id"] == own_id)


def make_register(
    units: Mapping[str, str], *, classes: int = 2, pupils: int = 12, siblings: bool = True
) -> RegisterData:
    """Return a register with these school units, name by code, each with its classes and pupils and their guardians.

    Above the units stand an organiser and an office without codes. Beside the classes there are groups of other kinds,
    and beside the pupils teachers, children of preschools and adults, as there are in a real one.
    """
    data = RegisterData()
    top = data.add_organisation("Älvhaga kommun")
    office = data.add_organisation("Utbildningskontoret", parent=top)
    preschool = data.add_organisation("Förskolan Nyckelpigan", parent=office)
    for code, name in units.items():
        unit = data.add_organisation(name, code, parent=office)
        for number in range(classes):
            grade = 1 + (3 * number) % 9
            families = [[data.add_guardian(), data.add_guardian()] for _ in range(pupils if siblings else 0)]
            members = [
                data.add_pupil(unit, grade=grade, guardians=families[place] if siblings else ())
                for place in range(pupils)
            ]
            data.add_class(f"{grade} {'ABCDE'[number % 5]}", unit, members)
            data.add_class("Slöjdgrupp", unit, members[::2], groupType="Undervisning")
    data.add_pupil(preschool, enrolment={"schoolType": "FS"})
    data.add_guardian(enrolments=[])
    return data
