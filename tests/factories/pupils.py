"""Children with numbers that nobody has: Skatteverket's series for tests begins its serials with 238."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.identity_number import IdentityKind, check_digit
from app.pupils.models import Child
from app.pupils.service import find_or_add_child
from app.pupils.types import ChildIdentity
from app.schools.models import Municipality

_days = count()
FIRST_DAY = date(2012, 1, 1)


def make_number(day: date | None = None, *, coordination: bool = False) -> str:
    """Return a valid number in twelve positions; each call without a day gives another."""
    day = day or FIRST_DAY + timedelta(days=next(_days) % 1500)
    written = f"{day:%Y%m}{day.day + 60 * coordination:02}238"
    return written + str(check_digit(written[2:]))


def make_identity(**values: Any) -> ChildIdentity:
    """Return a child with a personnummer of its own."""
    number = values.get("number", make_number())
    return ChildIdentity(
        **{
            "kind": IdentityKind.PERSONAL,
            "number": number,
            "name": "Elin Sandhage",
            "birth_date": FIRST_DAY,
            "home_municipality_code": "0199",
        }
        | values
    )


def make_temporary(number: str = "20150304TF02", **values: Any) -> ChildIdentity:
    """Return a child with a TF number."""
    return make_identity(kind=IdentityKind.TEMPORARY, number=number, **values)


def make_nameless(**values: Any) -> ChildIdentity:
    """Return a child without a number."""
    return make_identity(kind=IdentityKind.NONE, number=None, **values)


def make_child(session: Session, municipality: Municipality, **values: Any) -> Child:
    """Add a child."""
    return find_or_add_child(session, municipality.id, make_identity(**values))
