"""Somebody comes into the room: the page goes blank, and comes back only when its person asks for it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Window


@pytest.fixture
def page(window: Callable[..., Window]) -> Page:
    """A page that anyone may open, on a telephone."""
    opened = window(PHONE).page
    opened.goto("/logga-in")
    return opened


def _hide(page: Page) -> None:
    """Press Esc twice within one breath: two presses of Playwright may come apart on a slow machine."""
    page.evaluate(
        "() => [1, 2].forEach(() => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Escape', bubbles: true})))"
    )


def test_the_button_and_esc_twice_blank_the_page(page: Page) -> None:
    for hide in (lambda: _hide(page), page.get_by_role("button", name="Dölj skärmen").click):
        hide()
        expect(page.locator("h1")).to_be_hidden()
        expect(page).to_have_title("Återkomst")
        page.get_by_role("button", name="Visa sidan igen").click()
        expect(page.locator("h1")).to_be_visible()
        expect(page).to_have_title("Logga in – Återkomst")


def test_neither_esc_nor_loading_again_brings_it_back(page: Page) -> None:
    _hide(page)
    _hide(page)
    expect(page.locator("h1")).to_be_hidden()
    page.reload()
    expect(page.locator("h1")).to_be_hidden()
    expect(page.get_by_role("button", name="Visa sidan igen")).to_be_focused()


def test_what_was_typed_is_still_there(page: Page) -> None:
    field = page.get_by_label("E-post")
    field.fill("karin@strandang.example")
    _hide(page)
    page.keyboard.press("Enter")
    expect(field).to_have_value("karin@strandang.example")


def test_one_esc_does_nothing(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_be_visible()
