"""A municipality whose schools stand in a register, with the round that class lists are fetched for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.access.actor import Actor, Role
from app.accounts.models import Account
from app.kernel import clock
from app.kernel.database import Database
from app.rosters import queries, service
from app.rosters.models import Roster, RosterClass, RosterFetch
from app.rosters.service.client import Limits, RegisterClient
from app.rosters.types.fetching import SaveConnection
from app.surveys.models import SurveyRound
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality, make_unit
from tests.factories.surveys import make_invitation, make_plan, make_round
from tests.machine.register_server import CLIENT_ID, SECRET, RegisterServer

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
"""The day when the round of `tests.factories.surveys` opens."""
UNITS = {"01990011": "Strandängsskolan", "01990012": "Hagtornsskolan"}
QUICK = Limits(connect=2, read=0.2, waits=(0.0, 0.0))
"""No test waits for a register that has fallen silent, or longer than it must."""


@dataclass
class Registry:
    """The ids of what was made, and the way to a fetch."""

    database: Database
    server: RegisterServer
    municipality_id: UUID
    round_id: UUID
    unit_ids: dict[str, UUID]
    coordinator: Account
    administrator: Account

    @property
    def actor(self) -> Actor:
        """The coordinator."""
        return self.coordinator.as_actor(clock.today())

    def order(self, *, is_dry_run: bool = False, for_round: bool = True) -> UUID:
        """Order class lists; return the id of the order."""
        with self.database.transaction() as session:
            survey_round = session.get_one(SurveyRound, self.round_id) if for_round else None
            return service.order_fetch(session, self.actor, survey_round, is_dry_run=is_dry_run).id

    def work(self, limits: Limits = QUICK) -> None:
        """Do what was ordered."""
        with self.database.reading() as session:
            waiting = queries.list_waiting_fetches(session, clock.wall())
        for fetch_id in waiting:
            service.carry_out_fetch(self.database, fetch_id, partial(RegisterClient, limits=limits))

    def fetch(self, *, is_dry_run: bool = False, for_round: bool = True) -> RosterFetch:
        """Order, work, and return how it went."""
        fetch_id = self.order(is_dry_run=is_dry_run, for_round=for_round)
        self.work()
        return self.reread(fetch_id)

    def disconnect(self) -> None:
        """Remove the connection."""
        with self.database.transaction() as session:
            actor = self.administrator.as_actor(clock.today())
            connection = queries.find_connection(session, visible_to=actor)
            assert connection is not None
            service.remove_connection(session, actor, connection, connection.version)

    def reread(self, fetch_id: UUID) -> RosterFetch:
        """Return an order as it is now."""
        with self.database.reading() as session:
            return session.get_one(RosterFetch, fetch_id)

    def confirm(self, fetch: RosterFetch) -> None:
        """Let the schools work from what was fetched."""
        assert fetch.upload_id is not None
        with self.database.transaction() as session:
            service.confirm_upload(session, self.actor, fetch.upload_id)

    def staged(self) -> list[tuple[str, str, int, int, bytes | None]]:
        """Return all that the tables of class lists hold, to be compared."""
        with self.database.reading() as session:
            rosters = session.scalars(select(Roster).order_by(Roster.id))
            classes = {each.roster_id: each.pupils_sealed for each in session.scalars(select(RosterClass))}
            return [
                (str(each.id), each.state, each.pupils, each.protected_count, classes.get(each.id)) for each in rosters
            ]


def make_registry(database: Database, server: RegisterServer, **connection: str) -> Registry:
    """Make it, connected unless `base_url` is empty."""
    with database.transaction() as session:
        municipality = make_municipality(session)
        units = {
            code: make_unit(session, municipality, name=name, school_unit_code=code) for code, name in UNITS.items()
        }
        survey_round = make_round(session, make_plan(session, municipality))
        for unit in units.values():
            make_invitation(session, survey_round, unit)
        coordinator = make_account(session, municipality, Role.COORDINATOR, name="Maria Ekblad")
        administrator = make_account(session, municipality, Role.ADMINISTRATOR, name="Ali Nyman")
        values = {"base_url": server.base_url, "token_url": server.token_url} | connection
        if values["base_url"]:
            service.save_connection(session, administrator.as_actor(clock.today()), make_connection(**values))
        unit_ids = {code: unit.id for code, unit in units.items()}
        return Registry(database, server, municipality.id, survey_round.id, unit_ids, coordinator, administrator)


def make_connection(**values: object) -> SaveConnection:
    """Return where a register is."""
    own: dict[str, object] = {
        "base_url": "https://register.alvhaga.example/v2.0",
        "token_url": "https://register.alvhaga.example/token",
        "client_id": CLIENT_ID,
        "scope": "",
        "secret": SECRET,
        "omits_unmarked": False,
        "version": None,
    }
    return SaveConnection(**own | values)  # type: ignore[arg-type]
