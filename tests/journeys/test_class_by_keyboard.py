"""A class of 28 gone through with the keyboard alone: letters, arrows, Tab and Return."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.responses.models import MissingPupil
from app.rosters.models import RosterClass
from app.surveys.models import Invitation
from tests.factories.rosters import stage_classes
from tests.journeys.conftest import DESKTOP, PHONE, Person, Town

RESPONDENT = "elisabet.stahlgren@alvhaga.example"
PUPILS = tuple(f"Elev {first}{second}" for first in "ABCD" for second in "abcdefg")
UNIT = "Bergsholms byskola"


def stage(town: Town) -> str:
    """Let the school have class lists, one of 28 and one of two; return where its answer is."""
    with town.database.transaction() as session:
        invitation = session.scalars(
            select(Invitation)
            .join(Invitation.school_unit)
            .where(Invitation.school_unit.has(name=UNIT))
            .options(joinedload(Invitation.round))
        ).one()
        stage_classes(session, invitation, {"5 B": PUPILS, "6 A": PUPILS[:2]})
        return f"/svar/{invitation.id}"


def tab_until(page: Page, is_there: Callable[[Page], bool]) -> int:
    """Press Tab until the focus is where it should be; return how often."""
    for pressed in range(60):
        if is_there(page):
            return pressed
        page.keyboard.press("Tab")
    raise AssertionError("the focus never came there")


def enter(page: Page) -> None:
    """Press Return and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def focused(page: Page) -> str:
    """Return the words of what has the focus: of a choice, its row's name and its own label."""
    return str(
        page.evaluate(
            """() => {
                const it = document.activeElement, row = it.closest("fieldset");
                const own = it.labels && it.labels.length ? it.labels[0].innerText : it.innerText;
                return row ? `${row.querySelector("legend").innerText}: ${own}` : own;
            }"""
        )
    )


def test_a_class_of_28_by_keyboard(town: Town, person: Callable[..., Person]) -> None:
    town.wait_until(2026, 8, 19, 8, 0)
    path = stage(town)
    principal = person(RESPONDENT, DESKTOP)
    principal.visit(path)
    principal.follow("Gå igenom klasserna")
    principal.follow("Börja med 5 B")
    page, keyboard = principal.page, principal.page.keyboard
    count = page.locator("[data-roll-count]")

    tab_until(page, lambda shown: focused(shown) == "Elev Aa: På plats")
    for letter in "psk":
        keyboard.press(letter)
    assert focused(page) == "Elev Ad: På plats", "a letter marks and goes on to the next pupil"
    expect(count).to_contain_text("28 elever ≠ 1 på plats + 1 känd frånvaro + 1 saknas 25 är inte markerade.")
    keyboard.press("Space")
    keyboard.press("ArrowRight")
    keyboard.press("Tab")
    assert focused(page) == "Elev Ae: På plats", "arrows choose within a row, Tab goes to the next"
    expect(count).to_contain_text("1 på plats + 2 känd frånvaro + 1 saknas 24 är inte markerade.")

    enter(page)
    principal.window.inspect()
    assert page.title().startswith("Fel: "), "24 pupils have no mark: the class is not done"
    assert "24 elever är inte markerade." in principal.text
    expect(count).to_contain_text("1 på plats + 2 känd frånvaro + 1 saknas")

    tab_until(page, lambda shown: focused(shown) == "Markera alla som på plats")
    keyboard.press("Enter")
    expect(count).to_contain_text("28 elever = 25 på plats + 2 känd frånvaro + 1 saknas Alla är markerade.")
    expect(page.locator("[data-said]")).to_contain_text("Alla är markerade.")  # A screen reader is told at rest.
    principal.window.inspect()
    enter(page)
    assert "5 B är sparad: 25 på plats + 2 känd frånvaro + 1 saknas." in page.locator("body").inner_text()
    assert "6 A, 2 elever" in principal.text, "the next class comes by itself"
    page.wait_for_function("document.activeElement.closest('[data-roll]')")
    assert focused(page) == "Elev Aa: På plats", "and the hands stay where they are"
    assert "#" not in page.url, "read anew, the page begins at its heading"
    keyboard.press("p")
    keyboard.press("p")
    assert focused(page) == "Spara klassen", "after the last pupil comes the button"
    enter(page)
    principal.window.inspect()
    assert principal.h1 == "Gå igenom klasserna"
    assert "30 inskrivna = 27 på plats + 2 känd frånvaro + 1 saknas" in " ".join(principal.text.split())
    with town.database.reading() as session:
        assert sorted(each.size for each in session.scalars(select(RosterClass)) if each.is_done) == [2, 28]
        (missing,) = session.scalars(select(MissingPupil)).all()
        assert missing.told.identity is not None
        assert missing.told.identity.name == "Elev Ab"


def test_a_class_on_a_telephone_is_whole(town: Town, person: Callable[..., Person]) -> None:
    town.wait_until(2026, 8, 19, 8, 0)
    path = stage(town)
    principal = person(RESPONDENT, PHONE)
    principal.visit(path)
    principal.follow("Gå igenom klasserna")
    principal.follow("Börja med 5 B")
    principal.page.get_by_role("button", name="Markera alla som på plats").click()
    principal.window.inspect()
    principal.page.get_by_label("Saknas").nth(3).check()
    principal.press("Spara klassen")
    assert "6 A" in principal.text
