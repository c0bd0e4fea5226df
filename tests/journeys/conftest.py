"""A running server and a real browser. Every page must be free of script errors and of what axe finds."""

import mailbox
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect, sync_playwright
from werkzeug.serving import make_server

from app import scheduler
from app.kernel import clock, installation
from app.kernel.database import Database
from app.rehearsal import service as rehearsal
from app.rehearsal.service.seeding import seed
from app.rehearsal.types import PASSWORD
from config import Config
from tests.machine.chromium import find_chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000  # Milliseconds: a machine that does much else is slow, not wrong.
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture
def kind() -> str:
    """The browser sees no difference between databases; integration does."""
    return "sqlite"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, once for each worker."""
    with sync_playwright() as playwright:
        path = find_chromium()
        expect.set_options(timeout=PATIENCE)
        assert path, "No Chromium: run `tools/machine.sh services`"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of a server on a free port, over the test's own database."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Window:
    """A window of one person's browser, and what went wrong in it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("requestfailed", self._note_failed)

    def _note(self, message: ConsoleMessage) -> None:
        # A 4xx is written to the console by the browser itself; the test that provoked it knows.
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.faults.append(f"{message.type}: {message.text}")

    def _note_failed(self, request: Request) -> None:
        # Words on their way to be kept when their page is left go on by themselves; the browser calls it a failure.
        if "x-autosave" not in request.headers:
            self.faults.append(f"{request.url}: {request.failure}")

    def inspect(self) -> None:
        """Raise `AssertionError` when axe finds anything on the page, or the page is wider than its window."""
        stained = self.page.evaluate(STAINED)
        assert not stained, f"{self.page.url}: the edges of {stained} show, though nothing is hidden behind them"
        # Axe measures no contrast over an image, and the shaded edges of a table that scrolls are one.
        self.page.evaluate(
            "document.querySelectorAll('.scroll').forEach((box) => (box.style.backgroundImage = 'none'))"
        )
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.page.url} is {wider} px wider than its window"


STAINED = """() => [...document.querySelectorAll(".scroll")].filter((box) => {
    const colour = (element) => getComputedStyle(element).backgroundColor;
    let ground = box.parentElement;
    while (ground.parentElement && colour(ground) === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
    box.style.color = "var(--under)";
    const cover = getComputedStyle(box).color;
    box.style.color = "";
    return cover !== colour(ground);
}).map((box) => box.ariaLabel)"""
"""The tables whose covers over the shaded edges have another colour than the ground they stand on."""

Open = Callable[..., Window]


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Open]:
    """Open a window of its own for each person: `window()`, or `window(PHONE)`; no fault may be left at the end."""
    contexts: list[BrowserContext] = []
    opened: list[Window] = []

    def open_window(size: dict[str, int] = DESKTOP) -> Window:
        contexts.append(chromium.new_context(base_url=address, viewport=size, locale="sv-SE", timezone_id="UTC"))  # type: ignore[arg-type]
        opened.append(Window(contexts[-1].new_page()))
        return opened[-1]

    yield open_window
    for context in contexts:
        context.close()
    faults = [fault for each in opened for fault in each.faults]
    assert not faults, "\n".join(faults)


@dataclass
class Person:
    """Somebody with an account, at a window of the own."""

    window: Window

    @property
    def page(self) -> Page:
        return self.window.page

    def visit(self, path: str) -> None:
        """Go to a page and look at it."""
        self.page.goto(path)
        self.window.inspect()

    def press(self, words: str) -> None:
        """Press a button and look at the page it leads to."""
        self._go(self.page.get_by_role("button", name=words).first)

    def follow(self, words: str) -> None:
        """Follow a link in the page itself and look at where it leads."""
        self._go(self.page.locator("main").get_by_role("link", name=words).first)

    def _go(self, place: Locator) -> None:
        with self.page.expect_navigation():  # The page that one leaves has loaded long ago: that says nothing.
            place.click()
        self.window.inspect()

    def choose(self, name: str, *values: str) -> None:
        """Tick radio buttons or check boxes."""
        for value in values:
            self.page.locator(f'[name="{name}"][value="{value}"]').check()

    def write(self, name: str, text: str) -> None:
        """Fill in a field."""
        self.page.locator(f'[name="{name}"]').fill(text)

    def date(self, name: str, day: int, month: int, year: int) -> None:
        """Fill in the three parts of a date."""
        for part, value in (("day", day), ("month", month), ("year", year)):
            self.write(f"{name}-{part}", str(value))

    def sign_in(self, email: str) -> None:
        """Sign in on the page that asks for it."""
        self.write("email", email)
        self.write("password", PASSWORD)
        self.press("Logga in")

    @property
    def h1(self) -> str:
        """The heading of the page."""
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """The words of the page itself."""
        return self.page.locator("main").inner_text()


@pytest.fixture
def person(window: Open) -> Callable[..., Person]:
    """Give somebody who has signed in: `person("karin.lovdahl@alvhaga.example", PHONE)`."""

    def sit_down(email: str, size: dict[str, int] = DESKTOP) -> Person:
        somebody = Person(window(size))
        somebody.visit("/logga-in")
        somebody.sign_in(email)
        return somebody

    return sit_down


@dataclass
class Town:
    """The invented municipality and its clock."""

    database: Database
    config: Config

    def wait_until(self, *moment: int) -> None:
        """Let time pass to a Swedish moment, and what falls due happen."""
        at = datetime(*moment)  # type: ignore[arg-type]  # noqa: DTZ001 - Swedish wall time
        with self.database.transaction() as session:
            installation.move_clock(session, clock.at(at.date(), at.time()))
        self.tick()

    def tick(self) -> None:
        """Do what is due now."""
        scheduler.run_all(self.database, self.config)

    def play_until(self, day: date) -> None:
        """Let the story of the rehearsal happen up to a day."""
        rehearsal.play(self.database, self.tick, lambda _line: None, until=day)

    def mails(self) -> list[EmailMessage]:
        """Every mail that has been delivered, the latest last."""
        folder = mailbox.Maildir(self.config.maildir, factory=None, create=True)
        found = [message_from_bytes(bytes(each), policy=policy.default) for each in folder]
        return sorted(found, key=lambda mail: mail["Date"].datetime)

    def link_to(self, path: str) -> str:
        """Return the last link that a mail holds to a kind of page."""
        links = [link for mail in self.mails() for link in re.findall(rf"{path}\S+", mail.get_content())]
        assert links, f"no mail leads to {path}"
        return links[-1]


@pytest.fixture
def town(app: Flask, database: Database) -> Town:
    """The invented municipality, on the Monday before its autumn survey."""
    shutil.rmtree(app.extensions["settings"].maildir, ignore_errors=True)
    with database.transaction() as session:
        seed(session)
    return Town(database, app.extensions["settings"])
