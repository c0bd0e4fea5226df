"""A running server and a real browser. Every page must be free of script errors and of what axe finds."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from tests.machine.chromium import find_chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
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
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("requestfailed", lambda request: self.faults.append(f"{request.url}: {request.failure}"))

    def _note(self, message: ConsoleMessage) -> None:
        # A 4xx is written to the console by the browser itself; the test that provoked it knows.
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.faults.append(f"{message.type}: {message.text}")

    def inspect(self) -> None:
        """Raise `AssertionError` when axe finds anything on the page, or the page is wider than its window."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.page.url} is {wider} px wider than its window"


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
