"""W2, the second time: a tick that finds the round of 6 000 units open, beside two statements that meet every row."""

from uuid import uuid4

from sqlalchemy import select, text

from app.access.actor import Actor
from app.surveys import jobs, service
from app.surveys.models import Invitation
from tests.benchmarks import open_round
from tests.benchmarks.place import Place, Watch


def prepare(place: Place) -> None:
    """Open the round."""
    open_round.prepare(place)
    round_id, municipality_id = open_round.as_planned(place)
    with place.database.transaction() as session:
        service.open_round(session, Actor.system(municipality_id), round_id)
    ours(place, Watch())


def ours(place: Place, watch: Watch) -> None:
    """Tick once more."""
    with watch:
        for job in jobs.JOBS:
            job.run(place.database)


def raw(place: Place, watch: Watch) -> None:
    """Try to write the same rows again."""
    with place.database.reading() as session:
        asked = session.scalars(select(Invitation).where(Invitation.invited_at.is_not(None)).limit(1)).one()
    statements = open_round.raw_statements(place, asked.round_id, asked.municipality_id, uuid4())
    with watch, place.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
