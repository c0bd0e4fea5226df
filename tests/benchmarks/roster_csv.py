"""W5: a municipality's file of 100 000 pupils, read, checked, sealed and shown, then confirmed.

Beside it what nobody can do without: reading the file, COPY into a table, and from there, each row with its unit and
its round, into a table with the keys that rows of pupils would have. Nothing in the floor is checked or encrypted.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.identity_number import check_digit
from app.rosters import service
from app.rosters.models import Roster, RosterClass, RosterUpload
from app.schools.models import SchoolUnit
from app.surveys.models import SurveyRound
from tests.benchmarks.place import Place, Watch
from tests.factories import schools, surveys

PUPILS: Final = 100_000
UNITS: Final = 200
CLASS_SIZE: Final = 28
HEADER: Final = ("Skolenhetskod", "Förnamn", "Efternamn", "Personnummer", "Årskurs", "Klass", "Skyddade uppgifter")
FIRST: Final = ("Åsa", "Bo", "Cilla", "David", "Elin", "Filip", "Greta", "Hugo", "Ida", "Östen", "Märta", "Nils", "Ove")
LAST: Final = ("Alm", "Björk", "Ceder", "Dill", "Ek", "Fur", "Gran", "Hassel", "Idegran", "Järnek", "Åkerlind")
COLUMNS: Final = "unit_code, first_name, last_name, number, grade, school_class, protected"
KEYS: Final = "id, municipality_id, round_id, school_unit_id"
VALUES: Final = "first_name, last_name, number, grade, school_class, protected"

Records = Sequence[Sequence[Any]]


def prepare(place: Place) -> None:
    """Make the municipality and its file."""
    with place.database.transaction() as session:
        codes = _make_municipality(session, place)
    with path_of(place).open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *rows(codes)])


def _make_municipality(session: Session, place: Place) -> list[str]:
    municipality = schools.make_municipality(session)
    organiser = schools.make_organiser(session, municipality)
    units = [schools.make_unit(session, municipality, organiser_id=organiser.id) for _ in range(UNITS)]
    surveys.make_round(session, surveys.make_plan(session, municipality))
    plain = "blob" if place.database.is_sqlite else "uuid"
    session.execute(text(f"CREATE TABLE raw_incoming ({', '.join(f'{name} text' for name in COLUMNS.split(', '))})"))
    session.execute(
        text(
            f"CREATE TABLE raw_pupil (id {plain} PRIMARY KEY, municipality_id {plain} NOT NULL REFERENCES municipality,"
            f" round_id {plain} NOT NULL REFERENCES survey_round, school_unit_id {plain} NOT NULL REFERENCES"
            f" school_unit, {', '.join(f'{name} text' for name in VALUES.split(', '))},"
            " UNIQUE (round_id, school_unit_id, number))"
        )
    )
    return [unit.school_unit_code for unit in units]


def path_of(place: Place) -> Path:
    """Return where the file is."""
    return place.folder / "pupils.csv"


def rows(codes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the pupils, 28 in a class; one in five hundred is protected."""
    each = PUPILS // len(codes)
    for at, number in enumerate(islice(_numbers(), PUPILS)):
        group = at % each // CLASS_SIZE
        grade, school_class = str(group // 3 + 1), f"{group // 3 + 1}{'ABC'[group % 3]}"
        name = FIRST[at % len(FIRST)], LAST[at % len(LAST)] + ("sson" if at % 3 else "")
        yield codes[at // each], *name, number, grade, school_class, "ja" if at % 500 == 499 else "nej"


def _numbers() -> Iterator[str]:
    """Yield valid numbers, each once."""
    day = date(2008, 1, 1)
    while True:
        for serial in range(1, 900):
            nine = f"{day:%y%m%d}{serial:03}"
            yield f"{day:%Y%m%d}-{serial:03}{check_digit(nine)}"
        day += timedelta(days=1)


def ours(place: Place, watch: Watch) -> None:
    """Hand the file over and confirm it."""
    hand_over(place, watch, path_of(place))


def hand_over(place: Place, watch: Watch, path: Path) -> None:
    """Stage a file, and confirm it in a request of its own, as a person does who has looked at it."""
    with place.database.transaction() as session:
        for table in (RosterClass, Roster, RosterUpload):
            session.execute(delete(table))
        round_id, municipality_id = _ids(session)
    actor = Actor.system(municipality_id)
    with watch:
        content = path.read_bytes()
        with place.database.transaction() as session:
            survey_round = session.get_one(SurveyRound, round_id)
            upload_id = service.stage_municipal_file(session, actor, survey_round, content)
        with place.database.transaction() as session:
            service.confirm_upload(session, actor, upload_id)


def raw(place: Place, watch: Watch) -> None:
    """Read the file and write its rows."""
    with path_of(place).open(newline="", encoding="utf-8-sig") as file, watch:
        records = list(csv.reader(file, delimiter=";"))[1:]
    write(place, watch, records)


def write(place: Place, watch: Watch, records: Records) -> None:
    """Write rows as they are: in, and then with their unit and round to where they belong."""
    is_sqlite = place.database.is_sqlite
    with place.database.transaction() as session:
        for table in ("raw_pupil", "raw_incoming"):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - a constant
        round_id, municipality_id = _ids(session)
    new, one, town = (
        ("randomblob(16)", f"'{round_id.hex}'", f"'{municipality_id.hex}'")
        if is_sqlite
        else ("gen_random_uuid()", f"'{round_id}'::uuid", f"'{municipality_id}'::uuid")
    )
    updates = ", ".join(f"{name} = excluded.{name}" for name in VALUES.split(", ") if name != "number")
    with watch, place.database.engine.begin() as connection:
        _copy(connection.connection.driver_connection, records, is_sqlite=is_sqlite)
        connection.exec_driver_sql(
            f"INSERT INTO raw_pupil ({KEYS}, {VALUES}) SELECT {new}, {town}, {one}, school_unit.id, {VALUES}"  # noqa: S608
            " FROM raw_incoming JOIN school_unit ON school_unit_code = unit_code WHERE true"
            f" ON CONFLICT (round_id, school_unit_id, number) DO UPDATE SET {updates}"
        )


def _copy(driver: Any, records: Iterable[Sequence[Any]], *, is_sqlite: bool) -> None:
    if is_sqlite:
        driver.executemany(f"INSERT INTO raw_incoming VALUES ({', '.join('?' * 7)})", records)  # noqa: S608
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY raw_incoming ({COLUMNS}) FROM STDIN") as copy:
        for record in records:
            copy.write_row(record)


def _ids(session: Session) -> tuple[UUID, UUID]:
    return (
        session.execute(
            select(SurveyRound.id, SchoolUnit.municipality_id)
            .join(SchoolUnit, SchoolUnit.municipality_id == SurveyRound.municipality_id)
            .limit(1)
        )
        .one()
        .tuple()
    )
