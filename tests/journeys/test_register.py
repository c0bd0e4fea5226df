"""Class lists from the municipality's register: connected, tried, ordered, fetched, confirmed, and at the school."""

from collections.abc import Callable

from tests.journeys.conftest import PHONE, Person, Town
from tests.machine.register_data import HIDDEN, make_register
from tests.machine.register_server import CLIENT_ID, SECRET, RegisterServer, rehearsal_units, running

ADMINISTRATOR, COORDINATOR = "lena.stromqvist@alvhaga.example", "maria.ekblad@alvhaga.example"
RESPONDENT = "karin.lovdahl@alvhaga.example"


def test_class_lists_come_from_the_register_to_the_school(town: Town, person: Callable[..., Person]) -> None:
    town.wait_until(2026, 8, 19, 8, 0)
    data = make_register(rehearsal_units(), pupils=9)
    unit = next(each["id"] for each in data.organisations if each["displayName"] == "Strandängsskolan")
    data.add_pupil(unit, guardians=[data.add_guardian(HIDDEN)], givenName="Hemlig", familyName="Hemligsson")
    with running(RegisterServer(data)) as register:
        _connect(person(ADMINISTRATOR), register, town)
        coordinator = person(COORDINATOR)
        _fetch_and_confirm(coordinator, town)
        _meet_a_register_that_fails(coordinator, register, town)
    principal = person(RESPONDENT, PHONE)
    principal.follow("Kartläggning efter sommarlovet 2026")
    principal.follow("Gå igenom klasserna")
    assert "1 A" in principal.text
    assert "4 B" in principal.text
    assert "Hemlig" not in principal.page.content()


def _connect(administrator: Person, register: RegisterServer, town: Town) -> None:
    administrator.visit("/administration/elevregister")
    administrator.write("base_url", register.base_url)
    administrator.write("token_url", register.token_url)
    administrator.write("client_id", CLIENT_ID)
    administrator.write("password", SECRET)
    administrator.press("Spara anslutningen")
    assert SECRET not in administrator.page.content()
    administrator.press("Prova anslutningen")
    assert "Väntar på sin tur" in administrator.text
    assert register.asked == [], "no request speaks with a register"
    town.tick()
    administrator.follow("Visa hur det går")
    assert "Det här var ett prov. Inga listor är upplagda." in administrator.text


def _fetch_and_confirm(coordinator: Person, town: Town) -> None:
    coordinator.visit("/kartlaggningar")
    coordinator.follow("Kartläggning efter sommarlovet 2026")
    coordinator.visit(f"{coordinator.page.url}/klasslistor")
    coordinator.follow("Hämta från elevregistret")
    coordinator.press("Hämta klasslistor")
    assert "Beställd" in coordinator.text
    town.tick()
    coordinator.follow("Visa hur det går")
    assert "2 skolor finns inte i registret" in coordinator.text
    coordinator.follow("Granska och bekräfta")
    assert "1 elev med skyddade personuppgifter, som bara räknas" in coordinator.text
    _stand_apart_on_a_phone(coordinator, "Bekräfta klasslistorna")
    coordinator.press("Bekräfta klasslistorna")
    _stand_apart_on_a_phone(coordinator, "Ta bort klasslistorna")
    assert "12 skolor har en klasslista" in coordinator.text


def _stand_apart_on_a_phone(coordinator: Person, button: str) -> None:
    size = coordinator.page.viewport_size
    assert size
    coordinator.page.set_viewport_size(PHONE)
    pressed = coordinator.page.get_by_role("button", name=button).bounding_box()
    line = coordinator.page.locator(".note:has(+ .post-button)").first.bounding_box()
    coordinator.page.set_viewport_size(size)
    assert pressed
    assert line
    assert pressed["y"] - line["y"] - line["height"] >= 10, "the line above touches the button"


def _meet_a_register_that_fails(coordinator: Person, register: RegisterServer, town: Town) -> None:
    register.bodies = {"persons": b"<html>Servicefel</html>"}
    coordinator.follow("Hämta från elevregistret")
    coordinator.press("Hämta klasslistor")
    town.tick()
    coordinator.follow("Visa hur det går")
    assert "Registrets svar gick inte att läsa" in coordinator.text
    coordinator.follow("Klasslistor")
    assert "12 skolor har en klasslista" in coordinator.text
