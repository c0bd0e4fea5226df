"""W9: reminding 6 000 schools that have not answered, with a row, an audit row and a queued mail for each."""

from datetime import timedelta

from sqlalchemy import delete, update

from app.access.actor import Actor
from app.kernel import installation
from app.outbox.models import OutboxMessage
from app.surveys import jobs, service
from app.surveys.models import Invitation, Reminder
from tests.benchmarks import open_round
from tests.benchmarks.place import Place, Watch


def prepare(place: Place) -> None:
    """Open the round, and let a week pass in which nothing ran."""
    open_round.prepare(place)
    round_id, municipality_id = open_round.as_planned(place)
    with place.database.transaction() as session:
        service.open_round(session, Actor.system(municipality_id), round_id)
    with place.database.transaction() as session:
        installation.set_clock(session, open_round.AT + timedelta(days=2))
    jobs.send_due_invitations(place.database)  # Of those that begin a day or two later.
    with place.database.transaction() as session:
        installation.set_clock(session, open_round.AT + timedelta(days=8))


def ours(place: Place, watch: Watch) -> None:
    """Take the steps that are due, as the tick does, and forget that they were taken."""
    with place.database.transaction() as session:
        session.execute(delete(Reminder))
        session.execute(delete(OutboxMessage))
        session.execute(update(Invitation).values(next_step=0, next_at=open_round.AT + timedelta(days=5)))
    with watch:
        jobs.take_due_steps(place.database)
    with place.database.reading() as session:
        assert session.query(Reminder).count() == open_round.UNITS
