"""The rehearsal: where it may be, its clock, and the story that it plays."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app import scheduler
from app.access.actor import Actor
from app.accounts.queries import list_demo_accounts
from app.audit import queries as audit
from app.kernel import clock, installation
from app.kernel.database import Database
from app.kernel.installation import NotReady
from app.rehearsal import service
from app.rehearsal.models import PlayedScene
from app.rehearsal.queries import Happening, list_moments
from app.rehearsal.service.seeding import seed
from app.rehearsal.types import BEGINS_AT
from app.rosters.models import Roster, RosterClass
from app.rosters.types import RosterState
from app.schools.models import Municipality
from config import Config
from tests.factories.schools import make_municipality


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(instance=tmp_path)


@pytest.fixture
def play(database: Database, config: Config, tmp_path: Path) -> Callable[[], dict[str, Any]]:
    def play_all() -> dict[str, Any]:
        service.play(database, lambda: scheduler.run_all(database, config), lambda _line: None)
        with database.transaction() as session:
            return service.gather_figures(session, database, tmp_path)

    return play_all


def test_the_invented_municipality_goes_into_an_empty_database(database: Database) -> None:
    with database.transaction() as session:
        seed(session)
    with database.reading() as session:
        assert session.scalars(select(Municipality.name)).all() == ["\u00c4lvhaga kommun"]
        assert installation.is_rehearsal(session)
        assert timedelta() <= clock.now() - BEGINS_AT < timedelta(minutes=5)
        assert len(list_demo_accounts(session)) == 7, "one account of each role, and a second respondent"


def test_a_school_has_class_lists_when_its_first_survey_opens(database: Database) -> None:
    with database.transaction() as session:
        seed(session)
    with database.reading() as session:
        roster = session.scalars(select(Roster)).one()
        assert (roster.state, roster.pupils, roster.protected_count) == (RosterState.STAGED, 49, 2)
        assert session.scalar(select(func.count()).select_from(RosterClass)) == 5


def test_what_waits_says_of_which_round(database: Database) -> None:
    with database.transaction() as session:
        municipality = seed(session)
        (first, *_) = list_moments(session, visible_to=Actor.system(municipality.id))
    assert (first.what, first.title) == (Happening.ROUND_OPENS, "Kartläggning efter sommarlovet 2026")


def test_the_invented_municipality_never_goes_beside_a_real_one(database: Database) -> None:
    with database.transaction() as session:
        session.scalars(select(installation.Installation)).one().is_rehearsal = False
        make_municipality(session)
    with pytest.raises(NotReady):
        service.seed_if_empty(database)
    with database.reading() as session:
        assert not installation.is_rehearsal(session)
        assert session.scalar(select(func.count()).select_from(Municipality)) == 1


def test_the_story_gives_the_same_figures_however_often_it_is_played(
    database: Database, play: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    with database.transaction() as session:
        seed(session)
    first = play()
    assert first == play()
    assert first | {"documents": [], "summary_csv": "", "database": ""} == {
        "database": "",
        "school_units": 14,
        "rounds": 8,
        "invitations": 99,
        "waves": 7,
        "reminders": 63,
        "escalations": 6,
        "calls": 8,
        "duplicate_messages": 0,
        "messages_to_answered": 0,
        "responses": {"submitted": 93, "nil": 53, "silent": 6},
        "pupils_reported": 38,
        "cases_opened": 37,
        "cases_closed": 26,
        "reports_of_concern": {"written": 8, "handed_over": 8, "acknowledged": 7},
        "mails_sent": 184,
        "documents": [],
        "summary_csv": "",
    }
    assert [Path(path).name for path in first["documents"]] == [f"O-2026-{number:03}.pdf" for number in range(1, 9)]
    assert all(Path(path).is_absolute() and Path(path).read_bytes().startswith(b"%PDF") for path in first["documents"])
    assert (tmp_path / "terminen.csv").read_text(encoding="utf-8-sig").startswith("termin;")
    with database.reading() as session:
        assert list(audit.find_breaks(session)) == []


def test_a_story_that_was_stopped_goes_on_where_it_was(database: Database, config: Config, tmp_path: Path) -> None:
    with database.transaction() as session:
        seed(session)
    ticks = 0

    def tick_and_die() -> None:
        nonlocal ticks
        ticks += 1
        scheduler.run_all(database, config)
        if ticks == 14:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.play(database, tick_and_die, lambda _line: None)
    with database.reading() as session:
        assert 0 < (session.scalar(select(func.count()).select_from(PlayedScene)) or 0) < 40
    autumn = date(2026, 9, 30)
    service.play(database, lambda: scheduler.run_all(database, config), lambda _line: None, until=autumn)
    with database.transaction() as session:
        figures = service.gather_figures(session, database, tmp_path)
    told = ("cases_opened", "mails_sent", "duplicate_messages", "messages_to_answered")
    assert [figures[each] for each in told] == [27, 67, 0, 0]
