"""Whom a school is asked about again, kept with the answer: so that an answer can be told from none."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.responses import queries
from app.responses.models import CarriedPupil, MissingPupil, Response
from app.responses.types import CarriedFrom, SinceLast, count_since_last
from app.surveys.types import Asks


def carry(session: Session, response: Response) -> list[CarriedPupil]:
    """Bring whom a version being written asks about up to what has happened since, and return them in order.

    Nothing that has been answered is taken away.
    """
    if response.asks is not Asks.RETURN:
        return []
    carried = queries.list_carried(session, response.invitation, response)
    wanted = {each.entry_id for each in carried}
    for stale in _rows(session, response):
        if stale.entry_id not in wanted:
            session.delete(stale)
    last = max((each.row.position for each in carried if each.row), default=0)
    rows = []
    for each in carried:
        if (row := each.row) is None:
            last += 1
            row = _ask(session, response, each.entry_id, position=last, origin=each.origin)
        rows.append(row)
    session.flush()
    return rows


def copy_carried(session: Session, holding: Response, response: Response) -> None:
    """Let a new version begin with what the one that holds says of those who were asked about again."""
    for row in _rows(session, holding):
        copy = _ask(session, response, row.entry_id, position=row.position, origin=row.origin)
        copy.answer = row.answer
    session.flush()
    carry(session, response)


def _ask(session: Session, response: Response, entry_id: UUID, *, position: int, origin: CarriedFrom) -> CarriedPupil:
    row = CarriedPupil(
        municipality_id=response.municipality_id,
        response_id=response.id,
        entry_id=entry_id,
        position=position,
        origin=origin,
        answer=None,
    )
    session.add(row)
    return row


def ask_again(session: Session, pupil: MissingPupil) -> None:
    """Let a pupil who is taken off the list, and was carried onto it, be without an answer again."""
    for row in _rows(session, pupil.response):
        if row.entry_id == pupil.entry_id:
            row.answer = None


def forget_carried(session: Session, actor: Actor, entry_ids: Collection[UUID]) -> None:
    """Ask no more, in what the actor sees being written, about pupils whose data are protected: they are counted."""
    drafts = queries.select_drafts(visible_to=actor)
    session.execute(
        delete(CarriedPupil).where(CarriedPupil.entry_id.in_(entry_ids), CarriedPupil.response_id.in_(drafts))
    )


def is_carried_answered(session: Session, response: Response) -> bool:
    """Tell whether the school has answered about everyone that this version asks about again."""
    return all(row.answer is not None for row in _rows(session, response))


def count_since(session: Session, response: Response, listed: Collection[UUID]) -> SinceLast | None:
    """Return what has changed since the unit last answered; None when this is the first it says."""
    if response.asks is not Asks.RETURN or not queries.exists_earlier_answer(session, response):
        return None
    rows = [(row.entry_id, row.origin, row.answer) for row in _rows(session, response)]
    protected = response.protected_missing - queries.count_protected_before(
        session, response.invitation, with_worries=False
    )
    return count_since_last(rows, listed, protected=protected)


def _rows(session: Session, response: Response) -> list[CarriedPupil]:
    session.flush()
    return list(queries.list_carried_rows(session, response))
