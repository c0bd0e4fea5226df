"""The pages of school years: by hand, copied, from a file; and what is refused."""

from datetime import date, time
from io import BytesIO

import pytest
from sqlalchemy import select

from app.access.actor import Role
from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel import clock
from app.schools import queries
from app.schools.models import SchoolYear
from app.schools.types import BreakKind, DaySpan, Period
from tests.factories import schools
from tests.factories.accounts import make_account

NEXT = {
    "year-first": "2027-08-18",
    "year-last": "2028-06-09",
    "autumn_term-first": "20270818",
    "autumn_term-last": "2027-12-17",
    "autumn_break-first": "2027-11-01",
    "autumn_break-last": "2027-11-05",
    "spring_term-first": "2028-01-10",
    "spring_term-last": "2028-06-09",
    "days_off": "2027-09-06\n2027-10-04 – 2027-10-05",
}
HEAD = "huvudman;skolenhetskod;läsår;period;börjar;slutar\n"


@pytest.fixture(autouse=True)
def august(set_clock):
    set_clock(clock.at(date(2026, 8, 19), time(9)))


@pytest.fixture
def municipality(session):
    return schools.make_municipality(session)


@pytest.fixture
def organiser(session, municipality):
    return schools.make_organiser(session, municipality, name="Älvhaga kommun")


@pytest.fixture
def unit(session, municipality, organiser):
    return schools.make_unit(session, municipality, organiser_id=organiser.id, name="Strandängsskolan")


@pytest.fixture
def this_year(session, organiser, unit):
    autumn = (BreakKind.AUTUMN, date(2026, 10, 26), date(2026, 10, 30))
    return schools.make_school_year(session, organiser, breaks=[autumn])


@pytest.fixture
def coordinator(session, municipality, this_year, sign_in):
    account = make_account(session, municipality, Role.COORDINATOR)
    session.commit()
    return sign_in(account)


def days_of(session, owner):
    session.expire_all()
    found = queries.list_days_by_owner(session, owner.municipality_id).get(owner.id, {})
    session.commit()  # Or SQLite would let no page write meanwhile.
    return found


def upload(browser, text, status=200):
    page = browser.page("schools.plan_school_years")
    content = text if isinstance(text, bytes) else text.encode()
    return browser.submit(page, {"file": (BytesIO(content), "läsår.csv")}, status=status)


def test_every_organiser_is_listed_with_its_days_and_their_weekdays(coordinator):
    page = coordinator.page("schools.list_school_years")
    (row,) = page.rows("Läsår för Älvhaga kommun")
    assert row["Läsår"].startswith("2026/2027 Älvhaga kommun ons 2026-08-19 – ")
    assert "Höstlov mån 2026-10-26 – fre 2026-10-30" in row["Lov"]
    assert "Ingen skola skiljer sig" in page.text


class TestByHand:
    def test_a_year_is_added(self, coordinator, session, organiser, unit):
        page = coordinator.page("schools.add_school_year", owner_id=organiser.id)
        page = coordinator.submit(page, NEXT)
        assert "ons 2027-08-18 – fre 2028-06-09" in page.text
        days = days_of(session, organiser)["2027/2028"]
        assert days.spans[Period.AUTUMN_BREAK] == DaySpan(date(2027, 11, 1), date(2027, 11, 5))
        assert [span.length for span in days.days_off] == [1, 2]
        assert not queries.get_unit_calendar(session, unit).is_working_day(date(2027, 10, 5))
        (row,) = session.scalars(select(AuditRow).where(AuditRow.action == AuditAction.SCHOOL_YEAR_CHANGED))
        assert "2027/2028" in row.details

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"year-first": "på onsdag"}, "Skriv dagen som 2026-08-19"),
            ({"year-last": ""}, "Skriv både första och sista dagen"),
            ({"year-last": "2027-08-01"}, "Sista dagen ligger före den första"),
            ({"year-first": "2027-02-30"}, "Skriv dagen som 2026-08-19"),
            ({"spring_term-first": "", "spring_term-last": ""}, "Skriv vårterminens första och sista dag"),
            ({"spring_term-first": "2027-12-17"}, "Vårterminen börjar innan höstterminen har slutat"),
            ({"autumn_break-last": "2028-01-02"}, "Höstlovet blir för långt. Kontrollera dagarna."),
            (
                {"winter_break-first": "2027-11-02", "winter_break-last": "2027-11-03"},
                "Sportlovet ligger utanför sin termin",
            ),
            ({"days_off": "2027-11-02"}, "Lovdagen går in i ett annat lov"),
            ({"days_off": "2027-09-06\nsnart"}, "Rad 2: skriv 2026-10-05, eller 2026-10-05 – 2026-10-06"),
            ({"year-first": "2026-08-19"}, "Läsåret ska börja det första året i sitt namn och sluta året efter"),
        ],
    )
    def test_what_cannot_be_is_told_in_plain_words_and_what_was_typed_stays(
        self, coordinator, session, organiser, change, error
    ):
        page = coordinator.page("schools.add_school_year", owner_id=organiser.id)
        again = coordinator.submit(page, NEXT | change, status=422)
        assert error in again.errors
        name, value = next(iter(change.items()))
        assert str(again.form("Lägg till läsåret").filled({})[name]).replace("\r\n", "\n") == value
        assert days_of(session, organiser).keys() == {"2026/2027"}

    def test_the_same_year_is_not_added_twice(self, coordinator, organiser):
        page = coordinator.page("schools.add_school_year", owner_id=organiser.id)
        again = coordinator.submit(
            page, {key: day.replace("2027", "2026").replace("2028", "2027") for key, day in NEXT.items()}, status=422
        )
        assert again.errors == ["Det läsåret finns redan. Öppna det och ändra där."]

    def test_a_year_is_changed_and_two_changes_at_once_meet(self, coordinator, session, this_year, organiser):
        mine = coordinator.page("schools.edit_school_year", school_year_id=this_year.id)
        theirs = coordinator.page("schools.edit_school_year", school_year_id=this_year.id)
        coordinator.submit(
            theirs, {"autumn_break-first": "2026-11-02", "autumn_break-last": "2026-11-06"}, button="Spara läsåret"
        )
        days = days_of(session, organiser)["2026/2027"]
        assert days.find_break(BreakKind.AUTUMN) == DaySpan(date(2026, 11, 2), date(2026, 11, 6))
        coordinator.submit(mine, {"days_off": "2026-09-04"}, button="Spara läsåret", status=409)
        assert days_of(session, organiser)["2026/2027"].days_off == ()

    def test_a_copy_of_last_year_is_a_draft_until_somebody_saves_it(self, coordinator, session, organiser):
        page = coordinator.page("schools.list_school_years")
        page = coordinator.visit(page.link("Kopiera till 2027/2028"))
        assert days_of(session, organiser).keys() == {"2026/2027"}
        assert "onsdag" in page.text
        coordinator.submit(page)
        assert days_of(session, organiser)["2027/2028"].year.first == date(2027, 8, 18)

    def test_only_a_year_that_has_not_begun_is_taken_away(self, coordinator, session, organiser, this_year):
        coming = schools.make_school_year(session, organiser, autumn=date(2027, 8, 18), spring=date(2028, 1, 10))
        session.commit()
        page = coordinator.page("schools.edit_school_year", school_year_id=coming.id)
        coordinator.submit(page, button="Ta bort läsåret")
        assert session.scalars(select(SchoolYear.id)).all() == [this_year.id]
        session.commit()
        page = coordinator.page("schools.edit_school_year", school_year_id=this_year.id)
        coordinator.submit(page, button="Ta bort läsåret", status=409)


class TestOneUnit:
    def test_a_unit_that_differs_gets_its_organiser_s_days_to_change(self, coordinator, session, unit, organiser):
        page = coordinator.submit(coordinator.page("schools.choose_unit"), {"unit": str(unit.id)})
        assert page.form("Lägg till läsåret").filled({})["autumn_break-first"] == "2026-10-26"
        page = coordinator.submit(page, {"autumn_break-first": "2026-11-02", "autumn_break-last": "2026-11-06"})
        (row,) = page.rows("Läsår för Strandängsskolan")
        assert "mån 2026-11-02" in row["Lov"]
        assert queries.list_unit_calendars(session, organiser.municipality_id)[unit.id].is_working_day(
            date(2026, 10, 27)
        )


class TestFile:
    GOOD = HEAD + (
        "Älvhaga kommun;;2027/2028;läsår;2027-08-18;2028-06-09\n"
        "Älvhaga kommun;;2027/2028;hösttermin;2027-08-18;2027-12-17\n"
        "Älvhaga kommun;;2027/2028;vårtermin;2028-01-10;2028-06-09\n"
        "Älvhaga kommun;;2027/2028;studiedag;2027-09-06;2027-09-06\n"
        "Älvhaga kommun;;2027/2028;studiedag;2027-10-04;2027-10-04\n"
    )

    def test_it_is_shown_before_anything_changes_and_then_taken_in(self, coordinator, session, organiser, unit):
        own = (
            self.GOOD.replace(";;", f";{unit.school_unit_code};").replace("2027-08-18", "2027-08-23").removeprefix(HEAD)
        )
        page = upload(coordinator, self.GOOD + own)
        assert [row["Vem"] for row in page.rows()] == ["Älvhaga kommun Nytt", "Strandängsskolan Nytt"]
        assert days_of(session, organiser).keys() == {"2026/2027"}
        page = coordinator.submit(page)
        assert "2 läsår är inlagda." in page.text
        assert days_of(session, organiser).keys() == {"2026/2027", "2027/2028"}
        assert days_of(session, unit)["2027/2028"].year.first == date(2027, 8, 23)

    def test_a_year_that_is_there_is_replaced(self, coordinator, session, organiser):
        text = self.GOOD.replace("2027", "2026").replace("2028", "2027").replace("2026-12-17", "2026-12-16")
        page = upload(coordinator, text)
        assert page.rows()[0]["Vem"] == "Älvhaga kommun Ersätter"
        coordinator.submit(page)
        days = days_of(session, organiser)["2026/2027"]
        assert days.find_break(BreakKind.AUTUMN) is None
        assert days.spans[Period.AUTUMN_TERM].last == date(2026, 12, 16)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", ("–", "–", "Välj en fil")),
            (HEAD, ("2", "–", "Filen har inga rader")),
            ("namn\nElin Sandhage\n", ("1", "huvudman", "Kolumnen saknas")),
            (GOOD.replace("2027-12-17", "2027-06-17"), ("3", "slutar", "Sista dagen ligger före den första")),
            (GOOD.replace("2027-09-06", "2027-08-02"), ("5", "börjar", "Perioden ligger utanför läsåret")),
            (
                GOOD.replace("2028-01-10", "2027-12-10"),
                ("4", "börjar", "Vårterminen börjar innan höstterminen har slutat"),
            ),
            (
                GOOD.replace(";2027/2028;läsår;2027-08-18", ";2027/2028;läsår;2027-01-18"),
                ("2", "börjar", "Perioden blir för långt"),
            ),
            (
                GOOD.replace(";;2027/2028;läsår", ";01990011;2027/2028;läsår"),
                ("2", "skolenhetskod", "Huvudmannen har ingen"),
            ),
            (
                GOOD.replace("Älvhaga kommun;;2027/2028;läsår", "Någon annan;;2027/2028;läsår"),
                ("2", "huvudman", "Det finns ingen"),
            ),
            (GOOD.replace("2027/2028;hösttermin", "2027;hösttermin"), ("3", "läsår", "Skriv läsåret som 2026/2027")),
            (GOOD + GOOD.removeprefix(HEAD), ("7", "period", "Samma period står två gånger")),
            (GOOD.replace("2027-09-06;", '"2027-09-06;'), ("5", "–", "Ett citattecken saknar sitt par")),
            (GOOD.encode("utf-16"), ("–", "–", "Filen är inte sparad som UTF-8")),
            (b"\x89PNG\r\n\x1a\n\x00", ("–", "–", "Filen är inte sparad som UTF-8")),
            (
                GOOD.replace("2027-08-18;2028-06-09", "2026-12-20;2027-06-09"),
                ("2", "börjar", "Läsåret går in i ett annat"),
            ),
        ],
    )
    def test_what_is_wrong_is_told_by_row_and_column_and_nothing_changes(
        self, coordinator, session, organiser, text, told
    ):
        *place, words = told
        page = upload(coordinator, text, status=422)
        if text:
            faults = page.rows("Fel i filen")
            assert any((f["Rad"], f["Kolumn"]) == tuple(place) and f["Fel"].startswith(words) for f in faults), faults
            assert "Elin" not in page.text
        assert days_of(session, organiser).keys() == {"2026/2027"}

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (("hösttermin", "hösterminen"), ("3", "period", "Skriv läsår, hösttermin")),
            (("2027/2028;läsår", "2027/2028;läsåret"), ("2", "period", "Skriv läsår, hösttermin")),
            (("2027/2028;hösttermin", "2027;hösttermin"), ("3", "läsår", "Skriv läsåret som")),
            (("2027/2028;vårtermin;2028-01-10", "2027/2028;vårtermin;10/1"), ("4", "börjar", "Skriv dagen som")),
            (("kommun;;2027/2028;läsår", "komun;;2027/2028;läsår"), ("2", "huvudman", "Det finns ingen")),
            (
                ("Älvhaga kommun;;2027/2028;hösttermin;2027-08-18;2027-12-17\n", ""),
                ("2", "period", "Läsåret saknar en rad med perioden hösttermin"),
            ),
            (
                ("Älvhaga kommun;;2027/2028;läsår;2027-08-18;2028-06-09\n", ""),
                ("2", "läsår", "Läsåret saknar en egen rad"),
            ),
        ],
    )
    def test_one_slip_is_one_fault(self, coordinator, change, told):
        (fault,) = upload(coordinator, self.GOOD.replace(*change), status=422).rows("Fel i filen")
        assert (fault["Rad"], fault["Kolumn"]) == told[:2]
        assert fault["Fel"].startswith(told[2])

    def test_faults_are_told_row_by_row_and_of_other_years_too(self, coordinator):
        other = self.GOOD.removeprefix(HEAD).replace("2028", "2029").replace("2027", "2028")
        lacks_a_term = other.replace("vårtermin;", "sportlov;")
        text = self.GOOD.replace("studiedag;2027-10-04", "lovdagg;2027-10-04").replace("läsår;2027-08-18", "läsår;18/8")
        faults = upload(coordinator, text + lacks_a_term, status=422).rows("Fel i filen")
        rows = [int(fault["Rad"]) for fault in faults]
        assert rows == sorted(rows)
        assert {2, 6, 7} <= {*rows}
        assert not {3, 4, 5} & {*rows}
        assert any(fault["Fel"] == "Läsåret saknar en rad med perioden vårtermin" for fault in faults)

    def test_what_a_page_carries_is_read_anew(self, coordinator, session, organiser):
        page = upload(coordinator, self.GOOD)
        page = coordinator.submit(page, {"content": "ingen fil"}, status=422)
        assert days_of(session, organiser).keys() == {"2026/2027"}


def test_another_municipality_s_years_and_schools_are_never_met(coordinator, session, organiser):
    other = schools.make_municipality(session)
    theirs = schools.make_unit(session, other, name="Deras skola")
    years = [schools.make_school_year(session, owner) for owner in (theirs.organiser_id and theirs,)]
    session.commit()
    page = coordinator.page("schools.list_school_years")
    assert "Deras skola" not in page.text
    assert "Deras skola" not in coordinator.page("schools.choose_unit").text
    coordinator.page("schools.add_school_year", owner_id=theirs.id, status=404)
    coordinator.page("schools.add_school_year", owner_id=theirs.organiser_id, status=404)
    for endpoint in ("schools.edit_school_year", "schools.copy_school_year"):
        coordinator.page(endpoint, school_year_id=years[0].id, status=404)
    text = TestFile.GOOD.replace(";;", f";{theirs.school_unit_code};")
    assert "Huvudmannen har ingen skolenhet" in upload(coordinator, text, status=422).text
