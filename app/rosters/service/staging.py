"""Staging class lists: shown first, then confirmed or dropped as a whole. Whoever is protected never gets this far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import Refused
from app.rosters.models import Roster, RosterClass, RosterUpload
from app.rosters.queries.fetching import list_answered_units
from app.rosters.queries.rosters import takes_rosters
from app.rosters.service.destruction import delete_pupils, drop_upload, lock_staged
from app.rosters.types import RosterPupil, RosterSource, RosterState, UploadNotes, class_order
from app.surveys.models import Invitation, SurveyRound

Lists = Mapping[UUID, Sequence[RosterPupil]]
"""The pupils of each school unit."""
_AT_A_TIME = 200
"""Classes that are sealed and written together; keeps a municipality's lists from standing in memory twice."""


def stage(
    session: Session,
    actor: Actor,
    survey_round: SurveyRound,
    source: RosterSource,
    pupils: Lists,
    *,
    protected: Mapping[UUID, int],
    school_unit_id: UUID | None = None,
    notes: UploadNotes | None = None,
) -> UUID:
    """Keep class lists until they are confirmed, and return the hand-over they are confirmed by.

    `pupils` and `protected` are by school unit; nobody protected is among `pupils`. Of units that have answered nothing
    is kept. An earlier hand-over of the same lists that nobody confirmed is dropped. Raises `Refused`:
    "round_takes_no_lists", or "list_is_empty" when no unit has anything left.
    """
    if not takes_rosters(survey_round):
        raise Refused("round_takes_no_lists")
    answered = frozenset(list_answered_units(session, survey_round.id))
    handed_over = {*pupils, *(unit_id for unit_id, count in protected.items() if count)}
    if not handed_over - answered:
        raise Refused("list_is_empty")
    _drop_earlier(session, actor, survey_round.id, school_unit_id)
    noted = replace(notes or UploadNotes(), answered_units=tuple(sorted(handed_over & answered)))
    upload = _make_upload(actor, survey_round, source, school_unit_id, noted)
    session.add(upload)
    session.flush()
    rosters = [
        _make_roster(upload, unit_id, pupils.get(unit_id, ()), protected.get(unit_id, 0))
        for unit_id in sorted(handed_over - answered)
    ]
    session.add_all(rosters)
    session.flush()
    _write_classes(session, rosters, pupils)
    audit.record(session, actor, AuditAction.ROSTER_STAGED, upload.id, round_id=upload.round_id, **_count(rosters))
    return upload.id


def confirm_upload(session: Session, actor: Actor, upload_id: UUID) -> None:
    """Let the schools work from the lists of a hand-over, in place of those they had; all of them or none.

    Of a unit that answered in the meantime the pupils are destroyed. Raises `Refused`: "upload_is_gone" when it was
    dropped or confirmed, "round_takes_no_lists", or "classes_started" when a school has begun to go through the list
    it has.
    """
    upload = _lock_upload(session, actor, upload_id)
    survey_round = session.get_one(SurveyRound, upload.round_id, with_for_update=True, populate_existing=True)
    if not takes_rosters(survey_round):
        raise Refused("round_takes_no_lists")
    of_upload = select(Roster).where(Roster.upload_id == upload_id).order_by(Roster.id)
    unit_ids = session.scalars(of_upload.with_only_columns(Roster.school_unit_id)).all()
    answered = _lock_invitations(session, survey_round.id, unit_ids)
    # Read after the lock: an answer that came in while we waited has destroyed its unit's list.
    rosters = session.scalars(of_upload.with_for_update().execution_options(populate_existing=True)).all()
    wanted = [roster for roster in rosters if roster.state is RosterState.PREVIEWED]
    late = [roster for roster in wanted if roster.school_unit_id in answered]
    _replace(session, actor, upload, {roster.school_unit_id for roster in wanted})
    delete_pupils(session, actor, late, "answered", upload.round_id)
    confirmed = [roster for roster in wanted if roster not in late]
    for roster in confirmed:
        roster.confirm()
    upload.confirmed_at = clock.now()
    session.flush()
    audit.record(session, actor, AuditAction.ROSTER_CONFIRMED, upload.id, **_count(confirmed))


def discard_upload(session: Session, actor: Actor, upload_id: UUID) -> None:
    """Drop a hand-over that was not confirmed, as if it had never been. Raises `Refused`: "upload_is_gone"."""
    drop_upload(session, actor, _lock_upload(session, actor, upload_id))


def _drop_earlier(session: Session, actor: Actor, round_id: UUID, school_unit_id: UUID | None) -> None:
    earlier = select(RosterUpload).where(RosterUpload.round_id == round_id, RosterUpload.confirmed_at.is_(None))
    same = RosterUpload.school_unit_id
    for upload in session.scalars(
        earlier.where(same.is_(None) if school_unit_id is None else same == school_unit_id).with_for_update()
    ).all():
        drop_upload(session, actor, upload)


def _make_upload(
    actor: Actor, survey_round: SurveyRound, source: RosterSource, school_unit_id: UUID | None, notes: UploadNotes
) -> RosterUpload:
    return RosterUpload(
        municipality_id=survey_round.municipality_id,
        round_id=survey_round.id,
        school_unit_id=school_unit_id,
        source=source,
        made_at=clock.now(),
        made_by_id=actor.account_id,
        notes=asdict(notes) | {"answered_units": [str(unit_id) for unit_id in notes.answered_units]},
    )


def _make_roster(upload: RosterUpload, unit_id: UUID, pupils: Sequence[RosterPupil], protected: int) -> Roster:
    return Roster(
        municipality_id=upload.municipality_id,
        upload_id=upload.id,
        round_id=upload.round_id,
        school_unit_id=unit_id,
        state=RosterState.PREVIEWED,
        source=upload.source,
        pupils=len(pupils),
        protected_count=protected,
        staged_at=upload.made_at,
        staged_by_id=upload.made_by_id,
    )


def _write_classes(session: Session, rosters: Iterable[Roster], pupils: Lists) -> None:
    waiting: list[RosterClass] = []
    for roster in rosters:
        waiting += _make_classes(roster, pupils.get(roster.school_unit_id, ()))
        if len(waiting) >= _AT_A_TIME:
            _write(session, waiting)
    _write(session, waiting)


def _write(session: Session, classes: list[RosterClass]) -> None:
    session.add_all(classes)
    session.flush()
    for each in classes:
        session.expunge(each)  # Or every sealed class would stay in memory until the request ends.
    classes.clear()


def _make_classes(roster: Roster, pupils: Sequence[RosterPupil]) -> list[RosterClass]:
    """Return the pupils class by class, F before 1, 2 before 10; within a class they keep the order of the list."""
    members: dict[str, list[RosterPupil]] = {}
    for pupil in pupils:
        members.setdefault(pupil.school_class, []).append(pupil)
    made = []
    for position, name in enumerate(sorted(members, key=class_order)):
        school_class = RosterClass(municipality_id=roster.municipality_id, roster_id=roster.id, position=position)
        school_class.name = name
        school_class.take_in(members[name])
        made.append(school_class)
    return made


def _lock_upload(session: Session, actor: Actor, upload_id: UUID) -> RosterUpload:
    upload = session.scalar(
        select(RosterUpload)
        .where(
            RosterUpload.id == upload_id,
            RosterUpload.municipality_id == actor.municipality_id,
            RosterUpload.confirmed_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if upload is None:
        raise Refused("upload_is_gone")
    return upload


def _lock_invitations(session: Session, round_id: UUID, unit_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return the units that have answered, and let none of the others do so before this has ended."""
    locked = (
        select(Invitation.school_unit_id, Invitation.submitted_at)
        .where(Invitation.round_id == round_id)
        .order_by(Invitation.id)
        .with_for_update()
    )
    if len(unit_ids) < _AT_A_TIME:
        locked = locked.where(Invitation.school_unit_id.in_(unit_ids))
    return frozenset(unit_id for unit_id, submitted_at in session.execute(locked) if submitted_at is not None)


def _replace(session: Session, actor: Actor, upload: RosterUpload, unit_ids: set[UUID]) -> None:
    earlier = [roster for roster in lock_staged(session, upload.round_id) if roster.school_unit_id in unit_ids]
    if any(each.marked for roster in earlier for each in roster.classes):
        raise Refused("classes_started")
    delete_pupils(session, actor, earlier, "replaced", upload.round_id)


def _count(rosters: Iterable[Roster]) -> dict[str, int]:
    listed = list(rosters)
    return {
        "rosters": len(listed),
        "pupils": sum(roster.pupils for roster in listed),
        "protected": sum(roster.protected_count for roster in listed),
    }
