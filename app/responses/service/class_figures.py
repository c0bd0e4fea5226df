"""Figures that follow from the classes: what has been marked, those on no list, and the absence list."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.identity_number import IdentityKind, find_number
from app.responses.models import MissingPupil, Response
from app.responses.queries.classes import list_classes, sum_classes
from app.responses.types.absence_lists import KnownPupils
from app.responses.types.page_answers import IdentityAnswers
from app.rosters import service as rosters
from app.rosters.models import RosterClass
from app.rosters.types import Mark, RosterPupil, SaveMarks


def follow_classes(session: Session, response: Response) -> None:
    """Let the figures be what the classes come to: all of them, or nothing, since half a sum is no sum.

    Nothing happens to an answer whose figures are typed by hand.
    """
    if not response.follows_classes:
        return
    sums = sum_classes(list_classes(session, response.invitation_id))
    if sums is None:  # The roster has been destroyed: what was counted holds.
        return
    response.enrolled = response.present = response.known_absence = None
    if not sums.is_done or (sums.protected and response.unlisted_present is None):
        return
    response.present = sums.present + (response.unlisted_present or 0)
    response.known_absence = sums.known_absence + (response.unlisted_known_absence or 0)
    unlisted = (response.unlisted_present or 0) + (response.unlisted_known_absence or 0) + response.protected_missing
    by_hand = sum(key is None for _, key in _list_places(session, response))
    response.enrolled = sums.listed + unlisted + by_hand


def unmark(session: Session, actor: Actor, pupil: MissingPupil) -> None:
    """Let a pupil who is taken off the absence list be without a mark again: somebody must say where the pupil is."""
    if (roster_class := _find_class(session, pupil.roster_class_id)) is not None and pupil.roster_key:
        rosters.save_marks(session, actor, roster_class, SaveMarks({pupil.roster_key: None}, roster_class.version))


def mark_in_classes(session: Session, actor: Actor, response: Response, pupils: Sequence[MissingPupil]) -> None:
    """Let pupils who came on the absence list another way be missing in their classes too, or they count twice."""
    waiting = {each.id: (each, told) for each in pupils if not each.roster_key and (told := each.told.identity)}
    classes = list_classes(session, response.invitation_id, with_pupils=True) if waiting else []
    taken = set(_list_places(session, response)) if classes else set()
    known = KnownPupils((told, key) for key, (_, told) in waiting.items())
    for roster_class in classes:
        marks: dict[str, Mark | None] = {}
        for each in roster_class.pupils:
            keys = (key for key in known.list_same(to_identity(each)) if key in waiting)
            if (roster_class.id, each.key) in taken or (key := next(keys, None)) is None:
                continue
            pupil, _ = waiting.pop(key)
            pupil.roster_class_id, pupil.roster_key = roster_class.id, each.key
            if each.mark is not Mark.MISSING:
                marks[each.key] = Mark.MISSING
        if marks:
            rosters.save_marks(session, actor, roster_class, SaveMarks(marks, roster_class.version))


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


def strip_from_class(session: Session, pupil: MissingPupil) -> None:
    """Take a pupil whose personal data are protected out of the class list too: counted, and never named there."""
    if (roster_class := _find_class(session, pupil.roster_class_id)) is not None:
        roster_class.pupils = [each for each in roster_class.pupils if each.key != pupil.roster_key]
        roster_class.roster.pupils -= 1
        roster_class.roster.protected_count += 1
        session.flush()


def _find_class(session: Session, class_id: UUID | None) -> RosterClass | None:
    if class_id is None:
        return None
    return session.scalar(select(RosterClass).where(RosterClass.id == class_id).options(joinedload(RosterClass.roster)))


def _list_places(session: Session, response: Response) -> Sequence[tuple[UUID | None, str | None]]:
    """Return the class and the key there of everybody on the absence list, None for those who stand in no class."""
    places = select(MissingPupil.roster_class_id, MissingPupil.roster_key)
    return [(row[0], row[1]) for row in session.execute(places.where(MissingPupil.response_id == response.id))]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
