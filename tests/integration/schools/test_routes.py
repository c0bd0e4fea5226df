"""The administrator's pages about schools and numbers."""

from uuid import uuid4

import pytest

from app.access.actor import Role
from app.schools import queries
from app.schools.models import EmergencyNumber
from tests.factories import schools
from tests.factories.accounts import make_account
from tests.pages import all_of


@pytest.fixture
def municipality(session):
    return schools.make_municipality(session)


@pytest.fixture
def number(session, municipality):
    return schools.make_emergency_number(session, municipality)


@pytest.fixture
def administrator(session, municipality, number, sign_in):
    for name in ("Öskolan", "Åskolan", "Zinkskolan"):
        schools.make_unit(session, municipality, name=name, enrolled=None if name == "Öskolan" else 412)
    account = make_account(session, municipality, Role.ADMINISTRATOR)
    session.commit()
    return sign_in(account)


def test_school_units_are_listed_in_swedish_order(administrator):
    page = administrator.page("schools.list_school_units")
    assert [row["Skolenhet"].split(" ")[0] for row in page.rows()] == ["Zinkskolan", "Åskolan", "Öskolan"]
    assert all_of(page.rows(), "Elever") == ["412", "412", "–"]
    assert "3 skolenheter med tillsammans 824 elever" in page.text


class TestNumbers:
    def test_a_number_is_added_changed_and_removed(self, administrator, session, municipality):
        page = administrator.page("schools.list_numbers")
        page = administrator.visit(page.link("Lägg till ett nummer"))
        values = {"label": "Socialjouren", "number": "08-465 004 10", "note": "Dygnet runt"}
        page = administrator.submit(page, values)
        assert all_of(page.rows(), "Vem svarar") == ["Fara just nu", "Socialjouren"]
        assert all_of(page.rows(), "Visas som") == ["Fara just nu", "Vanligt nummer"]
        edit = administrator.visit(page.link("Socialjouren"))
        page = administrator.submit(edit, {"number": "08-465 004 11"}, button="Spara ändringen")
        assert all_of(page.rows(), "Telefonnummer") == ["112", "08-465 004 11"]
        page = administrator.submit(administrator.visit(page.link("Socialjouren")), button="Ta bort numret")
        assert all_of(page.rows(), "Vem svarar") == ["Fara just nu"]
        assert len(queries.list_emergency_numbers(session, municipality.id)) == 1

    def test_the_last_number_stays(self, administrator, number, session):
        page = administrator.page("schools.edit_number", number_id=number.id)
        again = administrator.submit(page, button="Ta bort numret", status=422)
        assert again.errors == ["Det här är det enda numret. Lägg till ett annat innan du tar bort det."]
        assert session.get(EmergencyNumber, number.id) is not None

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"label": ""}, "Skriv vem som svarar"),
            ({"label": "x" * 100_000}, "Texten är 99940 tecken för lång. Skriv högst 60 tecken."),
            ({"number": ""}, "Skriv telefonnumret"),
            ({"number": "ring mig"}, "Skriv ett telefonnummer med siffror, till exempel 08-465 004 21"),
            ({"number": "=1+1"}, "Skriv ett telefonnummer med siffror, till exempel 08-465 004 21"),
            ({"note": "a\u202eb"}, "Ta bort tecken som inte syns. Skriv texten på nytt om du har klistrat in den."),
        ],
    )
    def test_what_cannot_be_is_refused_with_what_was_typed(self, administrator, number, values, message):
        page = administrator.page("schools.edit_number", number_id=number.id)
        again = administrator.submit(page, values, button="Spara ändringen", status=422)
        assert again.errors == [message]

    def test_an_old_page_meets_the_conflict_page(self, administrator, number, session):
        page = administrator.page("schools.edit_number", number_id=number.id)
        number.note = "Ändrat av någon annan"
        session.commit()
        administrator.submit(page, {"note": "Mitt"}, button="Spara ändringen", status=409)

    def test_another_municipality_s_number_is_not_there(self, administrator, session):
        foreign = schools.make_emergency_number(session, schools.make_municipality(session))
        session.commit()
        for wanted in (foreign.id, uuid4()):
            administrator.page("schools.edit_number", 404, number_id=wanted)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.SYSTEM}))
def test_the_pages_are_the_administrator_s(session, municipality, number, sign_in, role):
    account = make_account(session, municipality, role)
    session.commit()
    browser = sign_in(account)
    browser.page("schools.list_school_units", 403)
    browser.page("schools.list_numbers", 403)
    browser.page("schools.edit_number", 403, number_id=number.id)
