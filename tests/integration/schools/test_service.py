"""Making a municipality out of files, and keeping its numbers."""

import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.access.actor import Actor, Role
from app.kernel.csv_files import FilesRefused
from app.kernel.errors import Conflict, Refused
from app.schools import queries, service
from app.schools.models import EmergencyNumber, Municipality, SchoolBreak, SchoolUnit, Term
from app.schools.types import AddEmergencyNumber, EditEmergencyNumber, OrganiserKind
from tests.factories import schools

INVENTED = Path(__file__).parents[3] / "app" / "rehearsal" / "municipality"


@pytest.fixture
def folder(tmp_path) -> Path:
    return shutil.copytree(INVENTED, tmp_path / "files")


def replace(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


class TestImportSchools:
    def test_the_invented_municipality_is_taken_in_whole(self, session):
        municipality = service.import_schools(session, INVENTED)
        assert (municipality.name, municipality.code) == ("Älvhaga kommun", "0199")
        seer = Actor(uuid4(), municipality.id, Role.COORDINATOR)
        units = queries.list_school_units(session, visible_to=seer)
        assert len(units) == 14
        assert sum(unit.enrolled for unit in units) == queries.count_enrolled(session, municipality.id) == 7031
        assert units[0].name == "Bergsholms byskola"
        assert units[-1].name == "Östra Ängens skola"
        assert all(len(unit.school_unit_code) == 8 and unit.school_unit_code[0] == "0" for unit in units)
        kinds = [organiser.kind for organiser in queries.list_organisers(session, municipality.id)]
        assert kinds.count(OrganiserKind.INDEPENDENT) == 2
        assert session.scalar(select(func.count()).select_from(Term)) == 12
        assert session.scalar(select(func.count()).select_from(SchoolBreak)) == 30
        numbers = queries.list_emergency_numbers(session, municipality.id)
        assert {"112", "114 14", "08-465 004 10", "08-405 50 05", "010-223 57 60"} == {n.number for n in numbers}
        assert [number.label for number in numbers if number.is_urgent] == ["Fara just nu"]

    def test_whom_a_principal_answers_to_may_be_known_or_not(self, session):
        municipality = service.import_schools(session, INVENTED)
        seer = Actor(uuid4(), municipality.id, Role.COORDINATOR)
        heads = {unit.name: unit.head_email for unit in queries.list_school_units(session, visible_to=seer)}
        assert heads["Strandängsskolan"] == "lena.rydmark@alvhaga.example"
        assert heads["Friskolan Tallgläntan"] is None

    def test_units_may_lack_the_columns_about_it(self, session, folder):
        path = folder / "units.csv"
        rows = [row.split(";")[:8] for row in path.read_text(encoding="utf-8").splitlines()]
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
        assert service.import_schools(session, folder).code == "0199"

    def test_a_unit_that_differs_brings_its_own_school_year(self, session, folder):
        path = folder / "school_years.csv"
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        theirs = [row for row in rows if row.startswith("Älvhaga kommun;2026/2027")]
        own = [row.replace("kommun;", "kommun;01990011;").replace("2026-08-19", "2026-08-24") for row in theirs]
        lines = [head.replace("läsår;", "skolenhetskod;läsår;", 1), *(row.replace(";", ";;", 1) for row in rows), *own]
        path.write_text("\n".join(lines), encoding="utf-8")
        municipality = service.import_schools(session, folder)
        unit = queries.find_school_unit(session, municipality.id, "01990011")
        years = queries.list_days_by_owner(session, municipality.id)
        assert years[unit.id]["2026/2027"].year.first.isoformat() == "2026-08-24"
        assert years[unit.organiser_id]["2026/2027"].year.first.isoformat() == "2026-08-19"

    def test_the_same_municipality_is_not_made_twice(self, session):
        service.import_schools(session, INVENTED)
        with pytest.raises(Refused, match="municipality_exists"):
            service.import_schools(session, INVENTED)

    def test_comma_separated_files_with_a_mark_are_taken_in_too(self, session, folder):
        path = folder / "units.csv"
        path.write_text("\ufeff" + path.read_text(encoding="utf-8").replace(";", ","), encoding="utf-8")
        service.import_schools(session, folder)
        assert session.scalar(select(func.count()).select_from(SchoolUnit)) == 14

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            (("municipality.csv", "0199", "199"), ("municipality.csv", 2, "kommunkod", "not_four_digits")),
            (
                ("organisers.csv", "enskild;802000-0190", "privat;802000-0190"),
                ("organisers.csv", 3, "typ", "not_a_choice"),
            ),
            (("units.csv", "01990011", "1990011"), ("units.csv", 2, "skolenhetskod", "not_eight_digits")),
            (("units.csv", "01990012", "01990011"), ("units.csv", 3, "skolenhetskod", "given_twice")),
            (("units.csv", "Stiftelsen Tallgläntan", "Ingen"), ("units.csv", 14, "huvudman", "not_in_organisers_csv")),
            (("units.csv", ";412", ";fyrahundra"), ("units.csv", 2, "antalelever", "not_a_whole_number")),
            (("units.csv", "hagtornsskolan@alvhaga.example", "hagtorn"), ("units.csv", 3, "epost", "not_an_email")),
            (("units.csv", "Per Hallonqvist", "=HYPERLINK()"), ("units.csv", 2, "rektor", "formula")),
            (
                ("school_years.csv", "sportlov;2026-03-02", "sportlov;2026-03-20"),
                ("school_years.csv", 7, "slutar", "ends_before_it_begins"),
            ),
            (
                ("school_years.csv", "2026-08-19;2026-12-18", "2026-07-19;2026-12-18"),
                ("school_years.csv", 11, "borjar", "outside_the_school_year"),
            ),
            (
                ("school_years.csv", "2026/2027;läsår;2026-08-24", "2027/2028;läsår;2026-08-24"),
                ("school_years.csv", 43, "lasar", "school_year_without_a_row_of_its_own"),
            ),
            (("numbers.csv", "114 14", "ring polisen"), ("numbers.csv", 6, "nummer", "not_a_phone_number")),
        ],
    )
    def test_what_is_wrong_is_told_by_place_and_nothing_is_taken_in(self, session, folder, change, place):
        replace(folder, *change)
        with pytest.raises(FilesRefused) as refused:
            service.import_schools(session, folder)
        assert place in [(p.file, p.row, p.column, p.code) for p in refused.value.problems]
        assert session.scalar(select(func.count()).select_from(Municipality)) == 0

    def test_everything_wrong_in_every_file_is_told_at_once(self, session, folder):
        (folder / "organisers.csv").unlink()
        (folder / "numbers.csv").write_bytes(b"")
        replace(folder, "units.csv", "01990011", "x")
        with pytest.raises(FilesRefused) as refused:
            service.import_schools(session, folder)
        told = {(p.file, p.code) for p in refused.value.problems}
        assert ("organisers.csv", "file_is_missing") in told
        assert ("numbers.csv", "file_is_empty") in told
        assert ("units.csv", "not_eight_digits") in told


class TestNumbers:
    @pytest.fixture
    def municipality(self, session) -> Municipality:
        return schools.make_municipality(session)

    @pytest.fixture
    def administrator(self, municipality) -> Actor:
        return Actor(uuid4(), municipality.id, Role.ADMINISTRATOR)

    def test_a_number_is_changed(self, session, municipality, administrator):
        number = schools.make_emergency_number(session, municipality)
        command = EditEmergencyNumber("Polisen", "114 14", "Inte bråttom", False, version=number.version)
        service.edit_number(session, administrator, number, command)
        session.commit()
        assert (number.label, number.number, number.note, number.is_urgent) == (
            "Polisen",
            "114 14",
            "Inte bråttom",
            False,
        )

    def test_somebody_else_s_change_is_not_written_over(self, session, municipality, administrator):
        number = schools.make_emergency_number(session, municipality)
        with pytest.raises(Conflict):
            service.edit_number(
                session, administrator, number, EditEmergencyNumber("a", "112", "", True, version=number.version + 1)
            )

    def test_a_number_is_added_last_and_removed(self, session, municipality, administrator):
        first = schools.make_emergency_number(session, municipality)
        added = service.add_number(session, administrator, AddEmergencyNumber("Jouren", "08-465 004 10", "", False))
        session.flush()
        assert queries.list_emergency_numbers(session, municipality.id) == [first, added]
        service.remove_number(session, administrator, first)
        session.flush()
        with pytest.raises(Refused, match="last_number"):
            service.remove_number(session, administrator, added)
        assert session.scalars(select(EmergencyNumber)).all() == [added]
