"""Two people at one school write in the same draft: one goes on where the other stopped, and both are heard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.access.actor import Role
from app.accounts.service import hash_password
from app.kernel.database import Database
from app.rehearsal.types import PASSWORD
from app.schools.models import Municipality, SchoolUnit
from tests.factories.accounts import make_account
from tests.journeys.conftest import PHONE, Person, Town

PRINCIPAL, COLLEAGUE = "karin.lovdahl@alvhaga.example", "anna.lind@alvhaga.example"
SAVE = "Spara och fortsätt"
SIZES = [{"width": 1280, "height": 900}, PHONE]


@pytest.fixture
def karin(town: Town, database: Database, person: Callable[..., Person]) -> Person:
    """Karin, in an open round. Anna answers for the school as well."""
    with database.transaction() as session:
        unit = session.scalars(select(SchoolUnit).where(SchoolUnit.name == "Strandängsskolan")).one()
        municipality = session.get_one(Municipality, unit.municipality_id)
        password = hash_password(PASSWORD)
        make_account(
            session, municipality, Role.RESPONDENT, unit, name="Anna Lind", email=COLLEAGUE, password_hash=password
        )
    town.wait_until(2026, 8, 20, 9, 0)
    return person(PRINCIPAL)


def open_pupil(karin: Person) -> str:
    """Put a pupil on the list and return where its pages begin."""
    karin.follow("Öppna kartläggningen")
    karin.visit(f"{karin.page.url}/franvarolista/ny")
    karin.choose("signs", "none")
    karin.press(SAVE)
    return karin.page.url.rpartition("/")[0]


def wait_until_kept(somebody: Person) -> None:
    expect(somebody.page.get_by_text("finns kvar. Tryck på Spara")).to_be_visible()


def test_one_goes_on_where_the_other_stopped(karin: Person, person: Callable[..., Person]) -> None:
    pupil = open_pupil(karin)
    karin.visit(f"{pupil}/egna-ord")
    karin.write("text", "Hon sa till kuratorn att hon inte")
    wait_until_kept(karin)
    karin.window.inspect()
    karin.page.close(run_before_unload=False)

    anna = person(COLLEAGUE, PHONE)
    anna.visit(f"{pupil}/egna-ord")
    assert "Karin Lövdahl skrev det som står här" in anna.text
    field = anna.page.locator("[name=text]")
    expect(field).to_have_value("Hon sa till kuratorn att hon inte")
    field.press("End")
    field.press_sequentially(" ville resa.")
    anna.press(SAVE)
    anna.visit(f"{pupil}/egna-ord")
    expect(anna.page.locator("[name=text]")).to_have_value("Hon sa till kuratorn att hon inte ville resa.")
    assert "Inte sparat än" not in anna.text


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_both_answers_stand_side_by_side_and_one_chooses(
    karin: Person, person: Callable[..., Person], size: dict[str, int]
) -> None:
    pupil = open_pupil(karin)
    anna = person(COLLEAGUE, size)
    for somebody in (karin, anna):
        somebody.visit(f"{pupil}/var")
    for somebody in (karin, anna):
        somebody.choose("place", "abroad")
        somebody.choose("evidence", "nothing")
        somebody.page.locator("[name=explanation]").select_option("delayed_return")
    for somebody, country, source in ((karin, "Kenya", "relative"), (anna, "Somalia", "guardian")):
        somebody.write("country", country)
        somebody.choose("source", source)
    karin.press(SAVE)
    anna.press(SAVE)
    assert "Någon annan hann före" in anna.text
    assert {"Kenya", "Somalia"} <= set(anna.text.split())
    anna.choose("choose-country", "saved")
    anna.press("Spara det jag har valt")
    anna.visit(f"{pupil}/var")
    expect(anna.page.locator("[name=country]")).to_have_value("Kenya")
    expect(anna.page.locator("[name=source]:checked")).to_have_value("guardian")


def test_two_pages_of_one_pupil_are_saved_beside_each_other(karin: Person, person: Callable[..., Person]) -> None:
    pupil = open_pupil(karin)
    anna = person(COLLEAGUE, PHONE)
    karin.visit(f"{pupil}/egna-ord")
    anna.visit(f"{pupil}/vardnadshavare")
    anna.choose("contact", "may_not")
    anna.press(SAVE)
    karin.write("text", "Hon var ledsen före lovet.")
    karin.press(SAVE)
    assert karin.h1 == "Elever som saknas"
