"""Going through a class: marks in the roster, the missing on the absence list, and figures that follow from both."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import typed_forms
from app.kernel.database import require_version
from app.responses.models import MissingPupil, Response
from app.responses.service.absence_lists import list_absent
from app.responses.service.class_figures import to_identity
from app.responses.service.drafts import list_pupils, note_saved, open_draft, reread, start_response
from app.responses.service.pupils import take_off
from app.responses.types.absence_lists import KnownPupils
from app.responses.types.classes import PupilsAreDescribed, SaveClass, SaveUnlisted
from app.rosters import service as rosters
from app.rosters.models import RosterClass
from app.rosters.types import Mark, RosterPupil, SaveMarks
from app.surveys.models import Invitation


def save_class(
    session: Session, actor: Actor, invitation: Invitation, roster_class: RosterClass, command: SaveClass
) -> Response:
    """Keep the marks of a class; who is missing comes on the absence list, and who is not goes from it.

    Raises `Conflict` when a colleague has saved the class since it was shown; `PupilsAreDescribed` when somebody has
    written about a pupil who is no longer missing, saved or not, and `command` does not say that this may go.
    """
    response = start_response(session, actor, invitation)
    reread(session, roster_class)
    require_version(roster_class, command.version)
    pupils = roster_class.pupils
    marks = {pupil.key: command.marks.get(pupil.key, pupil.mark) for pupil in pupils}
    listed = _link(session, response, roster_class, pupils)
    leaving = [pupil for key, pupil in listed.items() if marks.get(key) in (Mark.PRESENT, Mark.KNOWN)]
    if not command.removes_described and (described := _list_described(session, response, leaving)):
        raise PupilsAreDescribed(described)
    rosters.save_marks(session, actor, roster_class, SaveMarks(command.marks, command.version))
    for row in leaving:
        take_off(session, actor, row)
    new = [pupil for pupil in pupils if marks[pupil.key] is Mark.MISSING and pupil.key not in listed]
    added = list_absent(session, actor, response, [to_identity(pupil) for pupil in new])
    for row, pupil in zip(added, new, strict=True):
        row.roster_class_id, row.roster_key = roster_class.id, pupil.key
    response.follows_classes = True
    note_saved(session, actor, response)
    return response


def save_unlisted(session: Session, actor: Actor, response: Response, command: SaveUnlisted) -> None:
    """Keep how many stand on no class list. Raises `Conflict` when the answer was changed since it was shown."""
    open_draft(session, response)
    if command.version is not None:
        require_version(response, command.version)
    response.unlisted_present, response.unlisted_known_absence = command.present, command.known_absence
    response.protected_known_absence = command.protected_known_absence
    response.protected_missing = command.protected_missing
    response.follows_classes = True
    note_saved(session, actor, response)
    audit.record(session, actor, AuditAction.RESPONSE_SAVED, response.id, fields=["figures"])


def _list_described(session: Session, response: Response, pupils: Sequence[MissingPupil]) -> list[UUID]:
    """Return those about whom somebody has answered a question, or typed an answer that is not saved."""
    typed = typed_forms.find_about(session, response.municipality_id, [pupil.id for pupil in pupils])
    return [pupil.id for pupil in pupils if pupil.id in typed or not pupil.told.is_untouched]


def _link(
    session: Session, response: Response, roster_class: RosterClass, pupils: Sequence[RosterPupil]
) -> dict[str, MissingPupil]:
    """Return those of a class who stand on the absence list, by key, whoever put them there.

    A pupil of an earlier wave, one added by hand and one from a spreadsheet are the same pupil as in the class: nobody
    is counted twice, and nobody is both missing and present.
    """
    rows = list_pupils(session, response)
    found = {row.roster_key: row for row in rows if row.roster_class_id == roster_class.id and row.roster_key}
    known = KnownPupils((to_identity(pupil), pupil.key) for pupil in pupils if pupil.key not in found)
    for row in rows:
        told = row.told.identity
        if row.roster_key is not None or told is None:
            continue
        key = next((key for key in known.list_same(told) if key not in found), None)
        if key is not None:
            row.roster_class_id, row.roster_key = roster_class.id, key
            found[key] = row
    return found
