"""The references that people quote aloud, counted by municipality and year."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import CaseCounter
from app.kernel import clock


def lock_counter(session: Session, actor: Actor) -> CaseCounter:
    """Return this year's counter, locked until the transaction ends: one at a time opens cases in a municipality."""
    year = clock.today().year
    wanted = (
        select(CaseCounter)
        .where(CaseCounter.municipality_id == actor.municipality_id, CaseCounter.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if (counter := session.scalar(wanted)) is not None:
        return counter
    counter = CaseCounter(municipality_id=actor.municipality_id, year=year, last=0)
    try:
        with session.begin_nested():
            session.add(counter)
    except IntegrityError:
        # Someone else was first this year; their row is the one to lock.
        return session.scalars(wanted).one()
    return counter


def next_reference(counter: CaseCounter) -> str:
    """Return the next reference of a locked counter."""
    counter.last += 1
    return f"K-{counter.year}-{counter.last:03}"
