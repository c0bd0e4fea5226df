"""In mid-sentence the session ends, the server dies, the network goes: the sentence is there when one comes back."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from app.accounts.models import SignInSession
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.typed_forms import TypedForm
from tests.journeys.conftest import PATIENCE, PHONE, Person, Town, Window

PRINCIPAL, COORDINATOR = "karin.lovdahl@alvhaga.example", "maria.ekblad@alvhaga.example"
SAVE = "Spara och fortsätt"
SENTENCE = "Hon sa att hon inte vill resa och att"
SERVER = """
import socket, sys
from pathlib import Path
from werkzeug.serving import make_server
from app import create_app
from config import Config
app = create_app(Config(instance=Path(sys.argv[1]), database_url=sys.argv[2]))
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
listener.bind(("127.0.0.1", int(sys.argv[3])))
listener.listen()
print("listening", flush=True)
make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno()).serve_forever()
"""


@pytest.fixture
def karin(town: Town, person: Callable[..., Person]) -> Person:
    """Karin, in an open round."""
    town.wait_until(2026, 8, 20, 9, 0)
    return person(PRINCIPAL, PHONE)


def open_own_words(somebody: Person) -> str:
    """Put a pupil on the list and go to the last question about it; return its address."""
    somebody.follow("Öppna kartläggningen")
    somebody.visit(f"{somebody.page.url}/franvarolista/ny")
    somebody.choose("signs", "none")
    somebody.press(SAVE)
    address = f"{somebody.page.url.rpartition('/')[0]}/egna-ord"
    somebody.visit(address)
    return address


def wait_until_kept(somebody: Person, database: Database) -> None:
    """Wait for words that were sent while their page was being left: its browser tells nobody when they are there."""
    for _moment in range(PATIENCE // 100):
        with database.reading() as session:
            if session.scalar(select(TypedForm.id)) is not None:
                return
        somebody.page.wait_for_timeout(100)
    raise AssertionError("nothing was kept")


def end_sessions(database: Database) -> None:
    """Let half an hour pass for everybody who is signed in."""
    with database.transaction() as session:
        session.execute(update(SignInSession).values(last_seen_at=clock.wall() - timedelta(minutes=31)))


def test_the_session_ends_in_mid_sentence(karin: Person, database: Database) -> None:
    open_own_words(karin)
    karin.write("text", SENTENCE)
    end_sessions(database)
    karin.press(SAVE)
    assert karin.h1 == "Logga in"
    assert "Det du skrev finns kvar i sju dagar och visas när du har loggat in." in karin.text
    karin.sign_in(PRINCIPAL)
    assert karin.h1 == "Vill ni berätta något mer?"
    expect(karin.page.locator("[name=text]")).to_have_value(SENTENCE)
    karin.press(SAVE)
    assert karin.h1 == "Elever som saknas"


def test_a_coordinators_note_too(town: Town, person: Callable[..., Person], database: Database) -> None:
    coordinator = person(COORDINATOR)
    coordinator.visit("/orosanmalningar/ny")
    coordinator.choose("is_protected", "no")
    coordinator.write("name", "Elin Sandhage")
    end_sessions(database)
    coordinator.press(SAVE)
    coordinator.sign_in(COORDINATOR)
    expect(coordinator.page.locator("[name=name]")).to_have_value("Elin Sandhage")


def test_a_warning_comes_first_and_a_button_keeps_the_session(karin: Person) -> None:
    karin.page.clock.install()
    open_own_words(karin)
    warning = karin.page.get_by_role("alert").filter(has_text="Du loggas snart ut")
    karin.page.clock.fast_forward(20 * 60_000)  # The page's clock runs on by itself: leave it minutes to be slow in.
    expect(warning).to_be_hidden()
    karin.page.clock.fast_forward(8 * 60_000)
    expect(warning).to_be_visible()
    karin.window.inspect()
    karin.page.get_by_role("button", name="Fortsätt vara inloggad").click()
    expect(warning).to_be_hidden()
    karin.page.clock.fast_forward(31 * 60_000)
    expect(karin.page.get_by_text("Du har loggats ut. Det som står i fönstret är kvar")).to_be_visible()


def test_a_crashed_tab(karin: Person) -> None:
    address = open_own_words(karin)
    karin.write("text", SENTENCE)  # At once: between keys on a slow machine half a sentence may be kept first.
    expect(karin.page.get_by_text("finns kvar. Tryck på Spara")).to_be_visible()
    again = karin.page.context.new_page()
    karin.page.close(run_before_unload=False)
    again.goto(address)
    expect(again.locator("[name=text]")).to_have_value(SENTENCE)


def test_a_page_that_is_left(karin: Person, database: Database) -> None:
    address = open_own_words(karin)
    karin.write("text", SENTENCE)
    karin.follow("Lämna sidan utan att spara")
    wait_until_kept(karin, database)
    karin.visit(address)
    expect(karin.page.locator("[name=text]")).to_have_value(SENTENCE)
    karin.press("Kasta det som inte är sparat")
    expect(karin.page.locator("[name=text]")).to_have_value("")


@pytest.fixture
def port() -> Iterator[int]:
    """A port that is held for the servers of this test and that nobody listens at while none of them runs."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@pytest.fixture
def serve(app: Flask, database: Database, port: int) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a server in a process of its own, which can be killed and started again at the same address."""
    running: list[subprocess.Popen[bytes]] = []
    address = database.url.render_as_string(hide_password=False)
    instance = str(app.extensions["settings"].instance)

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", SERVER, instance, address, str(port)]
        server = subprocess.Popen(
            command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        running.append(server)
        assert server.stdout
        assert server.stdout.readline() == b"listening\n", "the server did not start"
        return server

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_the_server_is_killed_in_mid_sentence(
    town: Town, chromium: Browser, port: int, serve: Callable[[], subprocess.Popen[bytes]]
) -> None:
    town.wait_until(2026, 8, 20, 9, 0)
    server = serve()
    context = chromium.new_context(base_url=f"http://127.0.0.1:{port}", viewport=PHONE)  # type: ignore[arg-type]
    karin = Person(Window(context.new_page()))
    karin.visit("/logga-in")
    karin.sign_in(PRINCIPAL)
    address = open_own_words(karin)
    field = karin.page.locator("[name=text]")
    field.press_sequentially(SENTENCE)
    expect(karin.page.get_by_text("finns kvar. Tryck på Spara")).to_be_visible()
    server.send_signal(signal.SIGKILL)
    server.wait()

    field.press_sequentially(" nu")
    expect(karin.page.get_by_text("Ingen kontakt just nu.")).to_be_visible()
    karin.page.get_by_role("button", name=SAVE).click()
    expect(karin.page.get_by_text("Ingen kontakt just nu, så sidan är inte sparad.")).to_be_visible()
    expect(field).to_have_value(f"{SENTENCE} nu")
    karin.window.inspect()
    serve()
    expect(karin.page.get_by_text("finns kvar. Tryck på Spara")).to_be_visible()
    karin.page.close(run_before_unload=False)

    again = context.new_page()
    again.goto(address)
    expect(again.locator("[name=text]")).to_have_value(f"{SENTENCE} nu")
    context.close()


def test_a_page_out_of_the_browsers_memory_is_asked_for_anew(karin: Person) -> None:
    address = open_own_words(karin)
    with karin.page.expect_navigation(url=address):
        karin.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
