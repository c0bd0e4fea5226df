"""A municipality whose own schools begin on 19 August 2026 and whose independent school begins on the 24th."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import time_machine

from app.access.actor import Actor, Role
from app.kernel.database import Database
from app.surveys import jobs
from app.surveys.types import PlanKind
from tests.factories import schools, surveys


def swedish(text: str) -> datetime:
    """Return the moment when a Swedish clock shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Stockholm"))


@dataclass(frozen=True)
class Town:
    """The ids of what was made."""

    municipality_id: UUID
    plan_id: UUID
    own_ids: tuple[UUID, ...]
    independent_id: UUID
    closed_id: UUID

    @property
    def coordinator(self) -> Actor:
        """Somebody who may see its rounds."""
        return Actor(None, self.municipality_id, Role.COORDINATOR)


def build_town(database: Database) -> Town:
    """Make it, with three units of its own, an independent one and one that is closed down."""
    with database.transaction() as session:
        municipality = schools.make_municipality(session)
        own, independent = (schools.make_organiser(session, municipality) for _ in range(2))
        schools.make_school_year(session, own)
        schools.make_school_year(session, independent, autumn=date(2026, 8, 24), spring=date(2027, 1, 13))
        units = [
            schools.make_unit(session, municipality, organiser_id=own.id, name=name)
            for name in ("Öskolan", "Åskolan", "Zinkskolan")
        ]
        late = schools.make_unit(session, municipality, organiser_id=independent.id, name="Friskolan")
        closed = schools.make_unit(session, municipality, organiser_id=own.id, is_active=False)
        plan = surveys.make_plan(session, municipality)
        surveys.make_plan(session, municipality, PlanKind.AFTER_CHRISTMAS)
        return Town(municipality.id, plan.id, tuple(unit.id for unit in units), late.id, closed.id)


class Ticker:
    """Moves the clock to a Swedish time and does what surveys then have to do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._travel: time_machine.travel | None = None

    def __call__(self, at: str | datetime) -> None:
        self.stop()
        self._travel = time_machine.travel(swedish(at) if isinstance(at, str) else at, tick=False)
        self._travel.start()
        self.run()

    def run(self) -> None:
        """Do what is due now."""
        for job in jobs.JOBS:
            job.run(self._database)

    def stop(self) -> None:
        """Let time go on."""
        if self._travel is not None:
            self._travel.stop()
            self._travel = None
