"""Pupils of earlier answers whom a school is asked about again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.cases.queries import CaseStanding, list_standings
from app.kernel import clock
from app.kernel.swedish import swedish_key
from app.pupils.types import are_other_names
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
            ~is_replaced(),
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
    rows = session.scalars(
        _holding()
        .where(MissingPupil.is_withheld.is_(False), *_is_earlier(invitation))
        .order_by(Response.submitted_at, MissingPupil.id)
    )
    return {pupil.entry_id: pupil for pupil in rows}


def _is_earlier(invitation: Invitation) -> tuple[ColumnElement[bool], ...]:
    """Keep what the unit has said in earlier rounds, and whenever it liked."""
    return (
        Response.school_unit_id == invitation.school_unit_id,
        Response.invitation_id != invitation.id,
        or_(Response.asks != Asks.RETURN, Invitation.opens_at <= invitation.opens_at),
    )


def _holding() -> Select[MissingPupil]:
    """Pupils of the versions that hold: those submitted last."""
    return (
        select(MissingPupil)
        .join(MissingPupil.response)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .where(Response.state == ResponseState.SUBMITTED, ~is_replaced())
        .options(joinedload(MissingPupil.response))
    )


def is_replaced() -> ColumnElement[bool]:
    """Hold for versions of an answer that a later one has taken the place of."""
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
    """Return why each pupil is asked about again, each child once; those nobody needs to ask about are left out.

    A school may have told of one child in several rows: in a round, between rounds, two colleagues who worry. What it
    has said later, of whichever row, is about the child; and of the rows it is asked about the last.
    """
    heard = _Heard(
        standings=list_standings(session, invitation.municipality_id, list(earlier)),
        returned=list_returned(session, list(earlier)),
        answered=list_carried_answers(session, list(earlier)),
        term_asked_at=_term_asked_at(session, invitation),
    )
    asked: dict[UUID, CarriedFrom] = {}
    for rows in _rows_by_child(earlier, heard.standings):
        for entry_id in rows:
            if (origin := _why_asked(earlier[entry_id], rows, heard)) is not None:
                asked[entry_id] = origin
                break
    return asked


@dataclass(frozen=True, slots=True)
class _Heard:
    """What has been heard since of the pupils a unit has told of, by entry."""

    standings: Mapping[UUID, CaseStanding]
    returned: Mapping[UUID, datetime]
    answered: Answered
    term_asked_at: datetime


def _why_asked(pupil: MissingPupil, rows: Sequence[UUID], heard: _Heard) -> CarriedFrom | None:
    """Return why a unit is asked about a row, one of the `rows` of a child; None when it is not."""
    told_at = pupil.response.submitted_at or pupil.saved_at
    standing = heard.standings.get(pupil.entry_id)
    case_state = standing.state if standing else None
    if pupil.response.asks is Asks.WORRY:
        said = [heard.answered[each] for each in rows if each in heard.answered]
        is_asked = is_worried_about_still(
            worried_at=told_at,
            term_asked_at=heard.term_asked_at,
            answered=max((each for each in said if each[1] > told_at), key=lambda each: each[1], default=None),
            case_state=case_state,
        )
        return CarriedFrom.WORRY if is_asked else None
    is_back_since = any(heard.returned[each] > told_at for each in rows if each in heard.returned)
    is_asked = is_missing_still(
        is_reported_back=pupil.entry_id in heard.returned or is_back_since,
        case_state=case_state,
        is_over=_is_over(pupil, standing),
    )
    return CarriedFrom.MISSING if is_asked else None


def _rows_by_child(
    earlier: Mapping[UUID, MissingPupil], standings: Mapping[UUID, CaseStanding]
) -> Iterable[Sequence[UUID]]:
    """Return the rows of each child, the latest first: those of one case, or of one number while there is no case.

    Names without a word in common may be two children, one number mistyped: each is asked about.
    """
    numbers = {entry_id: _number(pupil) for entry_id, pupil in earlier.items()}
    cases = {numbers[entry_id]: standing.case_id for entry_id, standing in standings.items() if numbers[entry_id]}
    named: dict[object, list[list[UUID]]] = {}
    for entry_id, number in reversed(numbers.items()):
        case_id = standings[entry_id].case_id if entry_id in standings else cases.get(number)
        children = named.setdefault(case_id or number or entry_id, [])
        for rows in children:
            if not any(are_other_names(_name(earlier[entry_id]), _name(earlier[each])) for each in rows):
                rows.append(entry_id)
                break
        else:
            children.append([entry_id])
    return [rows for children in named.values() for rows in children]


def _number(pupil: MissingPupil) -> str | None:
    identity = pupil.told.identity
    return identity.number if identity else None


def _name(pupil: MissingPupil) -> str:
    identity = pupil.told.identity
    return identity.name if identity else ""


def _is_over(pupil: MissingPupil, standing: CaseStanding | None) -> bool:
    if standing is None:
        return is_explained_for_good(pupil.told, on=clock.today())
    return standing.returned_on is not None or standing.is_over(clock.today())


def _term_asked_at(session: Session, invitation: Invitation) -> datetime:
    """Return when the first round after the break began to ask; follow-ups are about the same break."""
    this, first = aliased(SurveyRound), aliased(SurveyRound)
    opened = session.scalar(
        select(first.opens_at)
        .join(this, (this.plan_id == first.plan_id) & (this.year == first.year) & (first.wave == 0))
        .where(this.id == invitation.round_id)
    )
    return opened or invitation.opens_at
