"""A municipality with its organisers and school units."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.schools.models import Municipality, SchoolOrganiser, SchoolUnit
from app.schools.types import OrganiserKind

_numbers = count(1)


def make_municipality(session: Session, **values: Any) -> Municipality:
    """Add a municipality; each has a code of its own."""
    number = next(_numbers)
    municipality = Municipality(
        **{
            "code": f"{1000 + number}",
            "name": "Älvhaga kommun" if number == 1 else f"Kommun {number}",
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
