"""Class lists, and the files they come in."""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

import xlsxwriter
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.identity_number import check_digit
from app.rosters.models import Roster
from app.rosters.queries import list_rosters_of_upload
from app.rosters.service import confirm_upload, stage
from app.rosters.types import RosterPupil, RosterSource
from app.surveys.models import Invitation, SurveyRound

HEADER = ("Namn", "Personnummer", "Årskurs", "Klass", "Skolenhetskod", "Sekretessmarkering")
ROWS = (
    ("Åsa Ödman", "20150412-2381", "5", "5 B", "12345678", "nej"),
    ("Bo Ek", "150301-2391", "5", "5 B", "12345678", ""),
    ("Cilla Dahl", "", "4", "4 A", "12345678", ""),
)
"""Pupils who do not exist."""


def make_number(birth: str = "20150412", serial: int = 1) -> str:
    """Return a valid personnummer in twelve positions that nobody has, different for each serial from 1 to 979."""
    nine = f"{birth[2:]}{serial:03}"
    return f"{birth}{serial:03}{check_digit(nine)}"


def make_pupils(count: int, school_class: str = "5 B", *, first: int = 1) -> list[RosterPupil]:
    """Return so many pupils of one class."""
    return [
        RosterPupil(
            name=f"Elev{number} Påhittad",
            number=make_number(serial=number),
            birth_date="2015-04-12",
            grade=school_class[:1],
            school_class=school_class,
        )
        for number in range(first, first + count)
    ]


def make_upload(
    session: Session,
    actor: Actor,
    survey_round: SurveyRound,
    pupils: dict[UUID, Sequence[RosterPupil]],
    **values: Any,
) -> UUID:
    """Hand over class lists that wait to be confirmed."""
    protected = values.pop("protected", {})
    return stage(session, actor, survey_round, RosterSource.CSV, pupils, protected=protected, **values)


def make_roster(
    session: Session, actor: Actor, invitation: Invitation, pupils: Sequence[RosterPupil] = (), *, protected: int = 0
) -> Roster:
    """Stage the class list of an invitation's unit: three pupils in 5 B and two in 6 A unless others are given."""
    unit_id = invitation.school_unit_id
    listed = pupils or [*make_pupils(3), *make_pupils(2, "6 A", first=4)]
    upload_id = make_upload(
        session, actor, invitation.round, {unit_id: listed}, protected={unit_id: protected}, school_unit_id=unit_id
    )
    confirm_upload(session, actor, upload_id)
    return list_rosters_of_upload(session, upload_id)[0]


def write_csv(
    rows: Iterable[Sequence[str]] = (HEADER, *ROWS), *, delimiter: str = ";", encoding: str = "utf-8"
) -> bytes:
    """Return rows as a CSV file."""
    written = StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def write_xlsx(*sheets: Iterable[Sequence[Any]], is_constant_memory: bool = False) -> bytes:
    """Return a workbook with a sheet for each table; text stays text, and numbers are numbers."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "constant_memory": is_constant_memory}) as workbook:
        for rows in sheets or ((HEADER, *ROWS),):
            sheet = workbook.add_worksheet()
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    write = sheet.write_string if isinstance(cell, str) else sheet.write
                    write(number, column, cell)
    return written.getvalue()


def add_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with one more part, or with one replaced."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return written.getvalue()
