"""A municipality with its organisers, school units, school years and numbers."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count, cycle
from typing import Any

from sqlalchemy.orm import Session

from app.schools.models import (
    EmergencyNumber,
    Municipality,
    SchoolBreak,
    SchoolOrganiser,
    SchoolUnit,
    SchoolYear,
    Term,
)
from app.schools.types import BreakKind, OrganiserKind, TermKind

_numbers = count(1)
_codes = cycle(range(1001, 10_000))
"""Four digits, and each test begins with an empty database."""
AUTUMN_2026 = date(2026, 8, 19)
SPRING_2027 = date(2027, 1, 11)


def make_municipality(session: Session, **values: Any) -> Municipality:
    """Add a municipality; each has a code of its own."""
    code = next(_codes)
    municipality = Municipality(
        **{
            "code": str(code),
            "name": f"Kommun {code}",
            "department": "Barn- och utbildningsförvaltningen",
            "board_name": "Barn- och utbildningsnämnden",
            "coordinator_name": "Maria Ekblad",
            "coordinator_phone": "08-465 004 21",
        }
        | values
    )
    session.add(municipality)
    session.flush()
    return municipality


def make_organiser(session: Session, municipality: Municipality, **values: Any) -> SchoolOrganiser:
    """Add a school organiser, the municipality itself unless told otherwise."""
    organiser = SchoolOrganiser(
        **{
            "municipality_id": municipality.id,
            "name": f"Huvudman {next(_numbers)}",
            "kind": OrganiserKind.MUNICIPAL,
            "organisation_number": "212000-0000",
        }
        | values
    )
    session.add(organiser)
    session.flush()
    return organiser


def make_unit(session: Session, municipality: Municipality, **values: Any) -> SchoolUnit:
    """Add a school unit, of an organiser of its own unless `organiser_id` is given."""
    number = next(_numbers)
    if "organiser_id" not in values:
        values["organiser_id"] = make_organiser(session, municipality).id
    unit = SchoolUnit(
        **{
            "municipality_id": municipality.id,
            "school_unit_code": f"{10_000_000 + number}",
            "name": f"Skolenhet {number}",
            "school_forms": "F–9",
            "principal_name": "Per Hallonqvist",
            "email": f"enhet{number}@alvhaga.example",
            "phone": "08-465 004 30",
            "enrolled": 412,
            "is_active": True,
        }
        | values
    )
    session.add(unit)
    session.flush()
    return unit


def make_school_year(
    session: Session,
    owner: SchoolOrganiser | SchoolUnit,
    *,
    autumn: date = AUTUMN_2026,
    spring: date = SPRING_2027,
    breaks: Sequence[tuple[BreakKind, date, date]] = (),
) -> SchoolYear:
    """Add a school year of an organiser or a unit with both its terms, and breaks as kind, first and last day."""
    year = SchoolYear(
        municipality_id=owner.municipality_id,
        organiser_id=owner.id if isinstance(owner, SchoolOrganiser) else None,
        school_unit_id=owner.id if isinstance(owner, SchoolUnit) else None,
        name=f"{autumn.year}/{autumn.year + 1}",
        starts_on=autumn,
        ends_on=spring + timedelta(days=151),
    )
    session.add(year)
    session.flush()
    own = {"municipality_id": owner.municipality_id, "school_year_id": year.id}
    terms = ((TermKind.AUTUMN, autumn, spring - timedelta(days=20)), (TermKind.SPRING, spring, year.ends_on))
    session.add_all(Term(**own, kind=kind, starts_on=first, ends_on=last) for kind, first, last in terms)
    session.add_all(SchoolBreak(**own, kind=kind, starts_on=first, ends_on=last) for kind, first, last in breaks)
    session.flush()
    return year


def make_emergency_number(session: Session, municipality: Municipality, **values: Any) -> EmergencyNumber:
    """Add a number of the page *Ring nu*, last in the list."""
    number = EmergencyNumber(
        **{
            "municipality_id": municipality.id,
            "label": "Fara just nu",
            "number": "112",
            "note": "Polis och ambulans",
            "is_urgent": True,
            "position": next(_numbers),
        }
        | values
    )
    session.add(number)
    session.flush()
    return number
