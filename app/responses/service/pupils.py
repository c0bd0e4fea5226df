"""The absence list: pupils added, described page by page, taken off again, or only counted."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.cases.service import ON_PROTECTED
from app.kernel import clock, typed_forms
from app.kernel.database import require_version
from app.responses import queries
from app.responses.models import MissingPupil, Response
from app.responses.service.carrying import ask_again, forget_carried
from app.responses.service.class_figures import mark_in_classes, strip_from_class, unmark
from app.responses.service.coordinator import list_entries_of_child, tell_if_urgent, tell_removed, tell_withheld
from app.responses.service.drafts import list_pupils, note_saved, open_draft, reread
from app.responses.types import AddMissingPupil, PupilAnswers, PupilPage, SaveCalls, SavePupilPage, UrgentAnswers

ON_WITHHELD: Final[list[Callable[[Session, Actor, Collection[UUID]], None]]] = []
"""Capabilities above that keep something about a pupil, and must forget it with us, by the school's rows."""


def add_missing_pupil(session: Session, actor: Actor, response: Response, command: AddMissingPupil) -> MissingPupil:
    """Put a pupil last on the list. When something is urgent the case is opened at once."""
    open_draft(session, response)
    listed = list_pupils(session, response)
    pupil = MissingPupil(
        municipality_id=response.municipality_id,
        response_id=response.id,
        entry_id=uuid4(),
        position=max((each.position for each in listed), default=0) + 1,
        is_withheld=False,
        response=response,
    )
    session.add(pupil)
    _keep(session, actor, pupil, PupilAnswers(urgent=command.urgent))
    audit.record(session, actor, AuditAction.RESPONSE_PUPIL_ADDED, pupil.entry_id, pupil_id=str(pupil.id))
    tell_if_urgent(session, actor, pupil, PupilPage.URGENT)
    return pupil


def save_pupil_page(session: Session, actor: Actor, pupil: MissingPupil, command: SavePupilPage) -> None:
    """Keep the answers of one page. What the coordinator must know now is told now, submitted or not.

    Raises `Conflict` when the pupil was changed or taken off the list since the page was shown.
    """
    _open(session, pupil, command.version)
    told = pupil.told.with_page(command.page, command.values)
    _keep(session, actor, pupil, told, says_who=command.page is PupilPage.IDENTITY)
    _record_changed(session, actor, pupil, command.page)
    tell_if_urgent(session, actor, pupil, command.page)


def save_calls(session: Session, actor: Actor, pupil: MissingPupil, command: SaveCalls) -> None:
    """Note who was phoned from *Ring nu*, so that the coordinator does not phone again."""
    _open(session, pupil, None)
    told = pupil.told
    urgent = replace(told.urgent or UrgentAnswers(), calls=command.calls)
    _keep(session, actor, pupil, told.with_page(PupilPage.URGENT, urgent))
    _record_changed(session, actor, pupil, PupilPage.URGENT)
    tell_if_urgent(session, actor, pupil, PupilPage.URGENT)


def remove_missing_pupil(session: Session, actor: Actor, pupil: MissingPupil) -> None:
    """Take a pupil off the list of this version; a case that was opened stays, and is told."""
    _open(session, pupil, None)
    response = pupil.response
    unmark(session, actor, pupil)
    take_off(session, actor, pupil)
    note_saved(session, actor, response)


def take_off(session: Session, actor: Actor, pupil: MissingPupil) -> None:
    """Take a pupil off the list of an answer that has been locked."""
    tell_removed(session, actor, pupil)
    ask_again(session, pupil)
    _delete(session, pupil)
    audit.record(
        session,
        actor,
        AuditAction.RESPONSE_PUPIL_REMOVED,
        pupil.entry_id,
        pupil_id=str(pupil.id),
        reason="by_hand",
    )


def withhold_pupil(session: Session, actor: Actor, pupil: MissingPupil) -> None:
    """Count a pupil whose personal data are protected, and keep nothing that says who it is where the actor answers.

    What others have told of the same child waits for a coordinator: see `cases.service.confirm_protection`.
    """
    _open(session, pupil, None)
    response, pupil_id, entry_id = pupil.response, pupil.id, pupil.entry_id
    own = queries.list_told_rows(session, list_entries_of_child(session, pupil), visible_to=actor)
    entry_ids = {row.entry_id for row in own}
    others = queries.list_entries_told_by_others(session, entry_ids, besides=actor)
    tell_withheld(session, actor, pupil, entry_ids.difference(others))
    forget_child(session, actor, entry_ids)
    note_saved(session, actor, response)
    audit.record(
        session, actor, AuditAction.RESPONSE_PUPIL_REMOVED, entry_id, pupil_id=str(pupil_id), reason="protected"
    )


def forget_child(session: Session, actor: Actor, entry_ids: Collection[UUID]) -> None:
    """Forget a child in the rows that the actor may see: of a coordinator who has confirmed it, every school's."""
    for row in queries.list_told_rows(session, entry_ids, visible_to=actor):
        _forget(session, row)
    forget_carried(session, actor, entry_ids)
    for hear in ON_WITHHELD:
        hear(session, actor, entry_ids)


ON_PROTECTED.append(forget_child)


def _forget(session: Session, row: MissingPupil) -> None:
    """Count the pupil instead, where nothing has been sent; empty the row, where it has."""
    typed_forms.forget_about(session, row.municipality_id, [row.id, row.entry_id])
    if row.response.is_draft:
        row.response.protected_missing += 1
        strip_from_class(session, row)
        _delete(session, row)
        return
    row.tell(PupilAnswers(), by_id=row.saved_by_id, at=row.saved_at)
    row.is_withheld = True


def _open(session: Session, pupil: MissingPupil, version: int | None) -> None:
    open_draft(session, pupil.response)
    reread(session, pupil)
    if version is not None:
        require_version(pupil, version)


def _keep(
    session: Session, actor: Actor, pupil: MissingPupil, answers: PupilAnswers, *, says_who: bool = False
) -> None:
    pupil.tell(answers, by_id=actor.account_id, at=clock.now())
    if says_who:
        mark_in_classes(session, actor, pupil.response, [pupil])
    note_saved(session, actor, pupil.response)


def _record_changed(session: Session, actor: Actor, pupil: MissingPupil, page: PupilPage) -> None:
    audit.record(
        session,
        actor,
        AuditAction.RESPONSE_PUPIL_CHANGED,
        pupil.entry_id,
        pupil_id=str(pupil.id),
        page=page.value,
    )


def _delete(session: Session, pupil: MissingPupil) -> None:
    typed_forms.forget_about(session, pupil.municipality_id, [pupil.id])
    session.delete(pupil)
    session.flush()
