"""Every page that each role can reach by following links, at a desk and on a telephone, is whole and free of faults."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from app.kernel.database import Database
from app.rehearsal.service.seeding import seed
from config import Config
from tests.journeys.conftest import DESKTOP, PHONE, Person, Town
from tests.machine.databases import set_up

ROLES = {
    "staff": "sara.oberg@alvhaga.example",
    "respondent": "karin.lovdahl@alvhaga.example",
    "coordinator": "maria.ekblad@alvhaga.example",
    "director": "birgitta.hallgren@alvhaga.example",
    "administrator": "lena.stromqvist@alvhaga.example",
    "auditor": "goran.pihlblad@alvhaga.example",
}
FEWEST = {"staff": 8, "respondent": 12, "coordinator": 30, "director": 6, "administrator": 12, "auditor": 6}
"""Pages that the walk must have seen: one that finds nothing proves nothing."""


@pytest.fixture(scope="session")
def played(instance: Path, keys: Path) -> Path:
    """A database in which the story has been played to the day before the last to answer: there is much to see."""
    database = Database(f"sqlite:///{instance / 'played.sqlite3'}")
    set_up(database.url, keys)
    with database.transaction() as session:
        seed(session)
    Town(database, Config(instance=instance)).play_until(date(2026, 8, 27))
    database.dispose()
    return instance / "played.sqlite3"


@pytest.fixture
def database(played: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    copy = Database(f"sqlite:///{shutil.copy(played, tmp_path / 'copy.sqlite3')}")
    yield copy
    copy.dispose()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("role", list(ROLES))
def test_every_page_a_role_reaches_is_whole(person: Callable[..., Person], role: str, size: dict[str, int]) -> None:
    somebody = person(ROLES[role], size)
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop(0)
        if (kind := _kind(path)) in seen:
            continue
        seen.add(kind)
        somebody.visit(path)
        hrefs = somebody.page.eval_on_selector_all(
            "a[href^='/']", "links => links.map(each => each.getAttribute('href'))"
        )
        waiting += [href for href in hrefs if not href.endswith((".pdf", ".csv")) and "spara" not in href]
    assert len(seen) >= FEWEST[role], sorted(seen)


def _kind(path: str) -> str:
    """Return what all pages of a kind have in common: their address without ids, and the names of its filters."""
    path, _, query = path.partition("?")
    names = sorted(part.split("=")[0] for part in query.split("&") if part)
    return re.sub(r"/([0-9a-f-]{36}|[0-9]+)(?=/|$)", "/*", path.partition("#")[0]) + "?" + "&".join(names)
