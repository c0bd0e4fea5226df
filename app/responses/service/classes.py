"""Going through a class: marks in the roster, the missing on the absence list, and figures that follow from both."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import require_version
from app.kernel.identity_number import IdentityKind, find_number
from app.responses.models import MissingPupil, Response
from app.responses.service.absence_lists import list_absent
from app.responses.service.drafts import list_pupils, note_saved, open_draft, reread, start_response
from app.responses.service.pupils import take_off
from app.responses.types.absence_lists import is_same_pupil
from app.responses.types.answers import IdentityAnswers
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
    answered questions about a pupil who is no longer missing, and `command` does not say that this may go.
    """
    response = start_response(session, actor, invitation)
    reread(session, roster_class)
    require_version(roster_class, command.version)
    pupils = roster_class.pupils
    missing = {pupil.key: pupil for pupil in pupils if command.marks.get(pupil.key, pupil.mark) is Mark.MISSING}
    listed = {pupil.roster_key: pupil for pupil in list_pupils(session, response) if is_of(pupil, roster_class)}
    leaving = [pupil for key, pupil in listed.items() if key not in missing]
    if not command.removes_described and (described := [each for each in leaving if not each.told.is_untouched]):
        raise PupilsAreDescribed([each.id for each in described])
    rosters.save_marks(session, actor, roster_class, SaveMarks(command.marks, command.version))
    for pupil in leaving:
        take_off(session, actor, pupil)
    _put_on_list(session, actor, response, roster_class, [each for key, each in missing.items() if key not in listed])
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


def is_of(pupil: MissingPupil, roster_class: RosterClass) -> bool:
    """Whether a pupil on the absence list stands in a class."""
    return pupil.roster_class_id == roster_class.id


def to_identity(pupil: RosterPupil) -> IdentityAnswers:
    """Return what a class list says of who a pupil is; the school looks at it before it counts as an answer."""
    number = find_number(pupil.number, today=clock.today()) if pupil.number else None
    born = number.birth_date if number else _day(pupil.birth_date)
    return IdentityAnswers(
        kind=number.kind if number else IdentityKind.NONE,
        number=number.unmasked() if number else None,
        name=pupil.name,
        birth_date=born,
        grade=pupil.grade,
        school_class=pupil.school_class,
        is_confirmed=False,
    )


def _put_on_list(
    session: Session, actor: Actor, response: Response, roster_class: RosterClass, missing: Sequence[RosterPupil]
) -> None:
    """See that each of them stands on the absence list once, whoever put the pupil there."""
    identities = {pupil.key: to_identity(pupil) for pupil in missing}
    known = _find_listed(identities, [each for each in list_pupils(session, response) if each.roster_key is None])
    new = [key for key in identities if key not in known]
    added = list_absent(session, actor, response, [identities[key] for key in new])
    for key, pupil in [*known.items(), *zip(new, added, strict=True)]:
        pupil.roster_class_id, pupil.roster_key = roster_class.id, key


def _find_listed(identities: Mapping[str, IdentityAnswers], listed: Sequence[MissingPupil]) -> dict[str, MissingPupil]:
    """Return those who were put on the list by hand, from a spreadsheet or in an earlier wave, by their key."""
    found: dict[str, MissingPupil] = {}
    for pupil in listed:
        told = pupil.told.identity
        keys = (key for key, who in identities.items() if told and key not in found and is_same_pupil(who, told))
        if (key := next(keys, None)) is not None:
            found[key] = pupil
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
