"""W9: what surveys ask at a tick with nothing due, in an installation with every municipality of Sweden."""

from typing import Final

from app.kernel import installation
from app.surveys import jobs
from tests.benchmarks.open_round import AT
from tests.benchmarks.place import Place, Watch
from tests.factories import schools, surveys

MUNICIPALITIES: Final = 290


def prepare(place: Place) -> None:
    """Make them, each with an open round, and do what is due."""
    with place.database.transaction() as session:
        installation.set_clock(session, AT)
    with place.database.transaction() as session:
        for _ in range(MUNICIPALITIES):
            municipality = schools.make_municipality(session)
            organiser = schools.make_organiser(session, municipality)
            schools.make_school_year(session, organiser)
            for _ in range(20):
                schools.make_unit(session, municipality, organiser_id=organiser.id)
            surveys.make_plan(session, municipality)
    ours(place, Watch())


def ours(place: Place, watch: Watch) -> None:
    """Tick."""
    with watch:
        for job in jobs.JOBS:
            job.run(place.database)
