"""What a school says of pupils it is asked about again, and what the coordinator hears of it: what is new, once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.cases import service as cases
from app.cases.queries import find_source
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.responses import queries
from app.responses.models import CarriedPupil, MissingPupil, Response
from app.responses.service.carrying import carry
from app.responses.service.class_figures import mark_in_classes, unmark
from app.responses.service.coordinator import tell_news, tell_not_back
from app.responses.service.drafts import list_pupils, note_saved, open_draft
from app.responses.service.returns import note_return, take_back_return
from app.responses.types import ANSWERS_OF, AnswerCarried, CarriedAnswer, CarriedFrom, PupilAnswers
from app.responses.types.absence_lists import is_same_pupil


def answer_carried(session: Session, actor: Actor, response: Response, command: AnswerCarried) -> None:
    """Keep what the school says of those it is asked about again.

    Who is still away stands on the absence list with what was last said; who is back does not. Nothing leaves the draft
    but one thing: a child that was worried about and has not come back is told to the coordinator at once. Raises
    `Conflict` when somebody changed the answer meanwhile.
    """
    open_draft(session, response)
    if command.version is not None:
        require_version(response, command.version)
    rows = {row.entry_id: row for row in carry(session, response)}
    last = {each.entry_id: each.pupil for each in queries.list_carried(session, response.invitation, response)}
    for entry_id, answer in command.answers.items():
        row = rows.get(entry_id)
        if row is None or row.answer is answer or answer not in ANSWERS_OF[row.origin]:
            continue
        row.answer = answer
        _follow(session, actor, response, row, last[entry_id])
        details = {"answer": answer.value}
        audit.record(session, actor, AuditAction.RESPONSE_CARRIED_ANSWERED, entry_id, **details)
    if command.protected_missing is not None:
        response.protected_missing = command.protected_missing
    note_saved(session, actor, response)


def _follow(session: Session, actor: Actor, response: Response, row: CarriedPupil, last: MissingPupil) -> None:
    """Let the absence list say what was answered."""
    listed = list_pupils(session, response)
    mine = next((pupil for pupil in listed if pupil.entry_id == row.entry_id), None)
    if row.answer is None or not row.answer.is_missing:
        if mine is not None:
            unmark(session, actor, mine)
            session.delete(mine)
            session.flush()
        return
    if mine is None:
        mine = _find_twin(session, response, listed, last)
        if mine is None:
            mine = _copy(session, response, last, position=max((each.position for each in listed), default=0) + 1)
            mark_in_classes(session, actor, response, [mine])
        else:
            mine.entry_id = row.entry_id
            mine.tell(mine.told.over(last.told), by_id=mine.saved_by_id, at=mine.saved_at)
            session.flush()
    if row.origin is CarriedFrom.WORRY:
        tell_not_back(session, actor, mine)


def _copy(session: Session, response: Response, last: MissingPupil, *, position: int) -> MissingPupil:
    """Put a pupil on the absence list with what was last said."""
    pupil = MissingPupil(
        municipality_id=response.municipality_id,
        response_id=response.id,
        entry_id=last.entry_id,
        position=position,
        is_withheld=False,
        response=response,
    )
    pupil.tell(last.told, by_id=last.saved_by_id, at=last.saved_at)
    session.add(pupil)
    session.flush()
    return pupil


def _find_twin(
    session: Session, response: Response, listed: Sequence[MissingPupil], last: MissingPupil
) -> MissingPupil | None:
    """Return the pupil's row if somebody put it on the list before anybody was asked about last time.

    A row that has led to a case of its own is left as it is: the case knows the child, and two rows join it.
    """
    who = last.told.identity
    asked = {row.entry_id for row in queries.list_carried_rows(session, response)}
    for pupil in listed:
        same = pupil.told.identity
        if who is None or same is None or pupil.entry_id in asked or not is_same_pupil(who, same):
            continue
        if find_source(session, pupil.entry_id) is None:
            return pupil
    return None


def require_carried_answered(session: Session, response: Response) -> list[CarriedPupil]:
    """Return whom the answer was asked about again. Raises `Refused` while the school has not answered about one."""
    rows = carry(session, response)
    if any(row.answer is None for row in rows):
        raise Refused("carried_unanswered")
    return rows


def tell_carried(
    session: Session, actor: Actor, response: Response, rows: Sequence[CarriedPupil], pupils: Sequence[MissingPupil]
) -> list[MissingPupil]:
    """Tell the cases of those who were asked about again what is new, and return the pupils not told about here.

    A version that changes an answer tells only what it changes: there is one line a round for who is still away.
    """
    before = queries.find_replaced(session, response)
    said = {row.entry_id: row.answer for row in queries.list_carried_rows(session, before)} if before else {}
    last = _last_told(session, response, before)
    listed = {pupil.entry_id: pupil for pupil in pupils}
    for row in rows:
        if said.get(row.entry_id) is CarriedAnswer.BACK and row.answer is not CarriedAnswer.BACK:
            take_back_return(session, actor, row.entry_id, response.invitation.round.title)
        is_changed = said.get(row.entry_id) is not row.answer
        if row.answer is CarriedAnswer.BACK:
            if is_changed:
                _tell_back(session, actor, response, row)
        elif row.origin is CarriedFrom.MISSING and (pupil := listed.pop(row.entry_id, None)) is not None:
            _tell_away(session, actor, pupil, last.get(row.entry_id), is_changed=is_changed)
    return list(listed.values())


def _tell_back(session: Session, actor: Actor, response: Response, row: CarriedPupil) -> None:
    if row.origin is CarriedFrom.WORRY:
        cases.note_back_after_break(session, actor, row.entry_id, response.invitation.round.title)
    else:
        note_return(session, actor, response, row.entry_id, said_in=row.id)


def _tell_away(
    session: Session, actor: Actor, pupil: MissingPupil, last: PupilAnswers | None, *, is_changed: bool
) -> None:
    told = pupil.told
    if last is None or told != last or find_source(session, pupil.entry_id) is None:
        tell_news(session, actor, pupil, last or PupilAnswers())
    elif is_changed:
        cases.note_still_away(session, actor, pupil.entry_id, pupil.response.invitation.round.title)


def _last_told(session: Session, response: Response, before: Response | None) -> Mapping[UUID, PupilAnswers]:
    """Return what the coordinator has already been told: in the version that is replaced, else in earlier rounds."""
    earlier = queries.list_carried(session, response.invitation, response)
    told = {each.entry_id: each.pupil.told for each in earlier}
    if before is not None:
        told |= {pupil.entry_id: pupil.told for pupil in list_pupils(session, before)}
    return told
