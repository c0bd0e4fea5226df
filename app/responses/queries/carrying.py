"""Pupils of earlier answers whom a school is asked about again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.cases.queries import CaseStanding, list_standings
from app.kernel import clock
from app.kernel.swedish import swedish_key
from app.responses.models import CarriedPupil, MissingPupil, Response
from app.responses.queries.answers import list_returned
from app.responses.types import (
    CarriedAnswer,
    CarriedFrom,
    ResponseState,
    is_explained_for_good,
    is_missing_still,
    is_worried_about_still,
)
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import Asks

Answered = Mapping[UUID, tuple[CarriedAnswer, datetime]]


@dataclass(frozen=True, slots=True)
class Carried:
    """A pupil a school is asked about again. `pupil` is what it last submitted about the pupil."""

    pupil: MissingPupil
    origin: CarriedFrom
    row: CarriedPupil | None = None

    @property
    def entry_id(self) -> UUID:
        """The same pupil in every answer, and in the case."""
        return self.pupil.entry_id

    @property
    def answer(self) -> CarriedAnswer | None:
        """What the school says now, None until it has."""
        return self.row.answer if self.row else None


def list_carried(session: Session, invitation: Invitation, draft: Response | None) -> Sequence[Carried]:
    """Return whom the unit is asked about again in an answer, whether or not the version being written knows of them.

    What has been answered stays. What has not goes when nobody needs to know any more: a case closed meanwhile.
    """
    if invitation.asks is not Asks.RETURN:
        return []
    rows = {row.entry_id: row for row in list_carried_rows(session, draft)} if draft else {}
    earlier = _list_earlier(session, invitation)
    if not earlier:
        return []
    asked = _asked(session, invitation, earlier)
    kept = [
        Carried(pupil, rows[entry_id].origin if entry_id in rows else asked[entry_id], rows.get(entry_id))
        for entry_id, pupil in earlier.items()
        if entry_id in asked or (entry_id in rows and rows[entry_id].answer is not None)
    ]
    return sorted(kept, key=_place)


def list_carried_rows(session: Session, response: Response) -> Sequence[CarriedPupil]:
    """Return whom a version asks about again, with what it says."""
    return session.scalars(
        select(CarriedPupil)
        .where(CarriedPupil.response_id == response.id)
        .order_by(CarriedPupil.position, CarriedPupil.id)
    ).all()


def list_carried_answers(session: Session, entry_ids: Collection[UUID]) -> Answered:
    """Return what schools last said of pupils they were asked about again, and when, by entry."""
    rows = session.execute(
        select(CarriedPupil.entry_id, CarriedPupil.answer, Response.submitted_at)
        .join(Response, Response.id == CarriedPupil.response_id)
        .where(
            CarriedPupil.entry_id.in_(entry_ids),
            CarriedPupil.answer.is_not(None),
            Response.state == ResponseState.SUBMITTED,
            ~_is_replaced(),
        )
        .order_by(Response.submitted_at, CarriedPupil.id)
    )
    return {entry_id: (answer, at) for entry_id, answer, at in rows if answer and at}


def find_replaced(session: Session, response: Response) -> Response | None:
    """Return the version that a submitted one takes the place of, None for the first."""
    return session.scalar(
        select(Response)
        .where(
            Response.invitation_id == response.invitation_id,
            Response.number < response.number,
            Response.state == ResponseState.SUBMITTED,
        )
        .order_by(Response.number.desc())
        .limit(1)
    )


def exists_earlier_answer(session: Session, response: Response) -> bool:
    """Tell whether the unit has said before, in another answer, who was missing: something to compare with."""
    earlier = select(Response.id).where(
        Response.school_unit_id == response.school_unit_id,
        Response.invitation_id != response.invitation_id,
        Response.state == ResponseState.SUBMITTED,
        Response.asks != Asks.WORRY,
    )
    return session.scalar(select(earlier.exists())) or False


def _place(carried: Carried) -> tuple[int, int, object]:
    """Those already on the page keep their place; the others follow by name."""
    if carried.row is not None:
        return (0, carried.row.position, "")
    identity = carried.pupil.told.identity
    return (1, 0, (swedish_key(identity.name if identity else ""), str(carried.entry_id)))


def _list_earlier(session: Session, invitation: Invitation) -> Mapping[UUID, MissingPupil]:
    """Return the pupils of the unit's other answers as it last described them, by entry."""
    is_earlier = or_(Response.asks != Asks.RETURN, Invitation.opens_at <= invitation.opens_at)
    rows = session.scalars(
        _holding()
        .where(
            Response.school_unit_id == invitation.school_unit_id,
            Response.invitation_id != invitation.id,
            MissingPupil.is_withheld.is_(False),
            is_earlier,
        )
        .order_by(Response.submitted_at, MissingPupil.id)
    )
    return {pupil.entry_id: pupil for pupil in rows}


def _holding() -> Select[MissingPupil]:
    """Pupils of the versions that hold: those submitted last."""
    return (
        select(MissingPupil)
        .join(MissingPupil.response)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .where(Response.state == ResponseState.SUBMITTED, ~_is_replaced())
        .options(joinedload(MissingPupil.response))
    )


def _is_replaced() -> ColumnElement[bool]:
    later = aliased(Response)
    return (
        select(later.id)
        .where(
            later.invitation_id == Response.invitation_id,
            later.number > Response.number,
            later.state == ResponseState.SUBMITTED,
        )
        .exists()
    )


def _asked(
    session: Session, invitation: Invitation, earlier: Mapping[UUID, MissingPupil]
) -> Mapping[UUID, CarriedFrom]:
    """Return why each pupil is asked about again; those nobody needs to ask about are left out."""
    entry_ids = list(earlier)
    standings = list_standings(session, invitation.municipality_id, entry_ids)
    returned = list_returned(session, entry_ids)
    answered = list_carried_answers(session, entry_ids)
    term_asked_at = _term_asked_at(session, invitation)
    asked: dict[UUID, CarriedFrom] = {}
    for entry_id, pupil in earlier.items():
        standing = standings.get(entry_id)
        if pupil.response.asks is Asks.WORRY:
            if is_worried_about_still(
                worried_at=pupil.response.submitted_at or pupil.saved_at,
                term_asked_at=term_asked_at,
                answered=answered.get(entry_id),
                case_state=standing.state if standing else None,
            ):
                asked[entry_id] = CarriedFrom.WORRY
        elif _is_missing(pupil, standing, is_reported_back=entry_id in returned):
            asked[entry_id] = CarriedFrom.MISSING
    return asked


def _is_missing(pupil: MissingPupil, standing: CaseStanding | None, *, is_reported_back: bool) -> bool:
    return is_missing_still(
        is_reported_back=is_reported_back,
        case_state=standing.state if standing else None,
        is_seen_back=standing is not None and standing.returned_on is not None,
        is_explained_for_good=standing is None and is_explained_for_good(pupil.told, on=clock.today()),
    )


def _term_asked_at(session: Session, invitation: Invitation) -> datetime:
    """Return when the first round after the break began to ask; follow-ups are about the same break."""
    this, first = aliased(SurveyRound), aliased(SurveyRound)
    opened = session.scalar(
        select(first.opens_at)
        .join(this, (this.plan_id == first.plan_id) & (this.year == first.year) & (first.wave == 0))
        .where(this.id == invitation.round_id)
    )
    return opened or invitation.opens_at
