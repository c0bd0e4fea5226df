"""An independent school's first answer: invited by mail, an account of its own, a nil return, and no other school."""

import re
from collections.abc import Callable

from app.rehearsal.types import PASSWORD
from tests.journeys.conftest import PHONE, Open, Person, Town

COORDINATOR, PRINCIPAL = "maria.ekblad@alvhaga.example", "ines.fri@tallglantan.example"


def test_an_independent_school_answers_for_the_first_time(
    town: Town, person: Callable[..., Person], window: Open
) -> None:
    town.wait_until(2026, 8, 20, 9, 0)
    coordinator = person(COORDINATOR)
    coordinator.visit("/vem-svarar")
    unit = coordinator.page.locator("main a", has_text="Tallgläntan").first.inner_text()
    coordinator.follow(unit)
    coordinator.follow("Bjud in rektor")
    coordinator.write("name", "Ines Fri")
    coordinator.write("email", PRINCIPAL)
    coordinator.press("Skicka inbjudan")
    assert "Inbjuden" in coordinator.text
    town.tick()

    principal = Person(window(PHONE))
    principal.visit(town.link_to("/inbjudan/"))
    principal.write("password", PASSWORD)
    principal.write("again", PASSWORD)
    principal.press("Spara lösenordet")
    principal.sign_in(PRINCIPAL)
    assert principal.h1 == "Att göra"
    assert unit in principal.text
    coordinator.page.reload()
    assert "Har konto" in coordinator.text

    _answer_nil(principal)
    assert principal.h1 == "Kvitto"

    response = principal.page.request.get(_answer_of_another(town, unit))
    assert response.status in {403, 404}
    assert "Kartläggning" not in response.text().partition("<main")[2].partition("</main>")[0]


def _answer_nil(principal: Person) -> None:
    principal.follow("Kartläggning")
    principal.follow("Ingen elev saknas")
    for name, number in (("enrolled", "120"), ("present", "119"), ("known_absence", "1")):
        principal.write(name, number)
    principal.write("protected_known_absence", "0")
    principal.page.locator("[name=declared]").check()
    principal.press("Skriv under och skicka nollsvar")


def _answer_of_another(town: Town, unit: str) -> str:
    """Return the path of another school's answer, as its mail gives it."""
    texts = [mail.get_content() for mail in town.mails()]
    return next(found[0] for text in texts if unit not in text and (found := re.findall(r"/svar/\S+", text)))
