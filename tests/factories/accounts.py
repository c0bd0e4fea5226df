"""Accounts, what they answer for, and the actors they are."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts.models import Account, Membership
from app.accounts.queries import email_index
from app.accounts.types import Duty
from app.kernel import clock
from app.schools.models import Municipality, SchoolUnit

_numbers = count(1)
LONG_AGO = date(2020, 8, 1)


def make_account(
    session: Session, municipality: Municipality, role: Role, *units: SchoolUnit, **values: Any
) -> Account:
    """Add an activated account with a role, for the school units given. Without `password_hash` it has none.

    A respondent is their principal unless `duty` says otherwise; anybody else works there.
    """
    duty = values.pop("duty", Duty.PRINCIPAL if role is Role.RESPONDENT else Duty.STAFF)
    email = values.pop("email", f"{role.value}{next(_numbers)}@alvhaga.example")
    account = Account(
        **{
            "municipality_id": municipality.id,
            "name": "Karin Lövdahl",
            "title": "biträdande rektor",
            "email": email,
            "email_index": email_index(email),
            "phone": "08-465 004 31",
            "role": role,
            "password_hash": None,
            "is_active": True,
            "activated_at": clock.now(),
        }
        | values
    )
    account.memberships = [
        Membership(
            municipality_id=municipality.id,
            account_id=account.id,
            school_unit_id=unit.id,
            duty=duty,
            starts_on=LONG_AGO,
        )
        for unit in units
    ]
    session.add(account)
    session.flush()
    return account


def make_actor(session: Session, municipality: Municipality, role: Role, *units: SchoolUnit) -> Actor:
    """Add an account and return the actor it is today."""
    return make_account(session, municipality, role, *units).as_actor(clock.today())
