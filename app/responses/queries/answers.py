"""Answers, their versions and the pupils in them, by who may see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor, Role
from app.kernel.errors import NotFound
from app.responses.models import MissingPupil, PupilReturn, Response
from app.responses.types import ResponseState
from app.surveys.models import Invitation
from app.surveys.queries import is_own


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """That a pupil was listed in answer to an invitation."""

    entry_id: UUID
    pupil_id: UUID
    invitation_id: UUID


MOST_VERSIONS: Final = 10_000
"""More than anybody can write, and less than the largest number that a database can compare."""


def find_draft(session: Session, invitation_id: UUID) -> Response | None:
    """Return the version being written, with its pupils, or None."""
    return session.scalar(
        _with_pupils().where(Response.invitation_id == invitation_id, Response.state == ResponseState.DRAFT)
    )


def find_submitted(session: Session, invitation_id: UUID) -> Response | None:
    """Return the version that holds, with its pupils: the one submitted last, or None."""
    return session.scalar(
        _with_pupils()
        .where(Response.invitation_id == invitation_id, Response.state == ResponseState.SUBMITTED)
        .order_by(Response.number.desc())
        .limit(1)
    )


def list_drafted(session: Session, invitation_ids: Collection[UUID]) -> Sequence[UUID]:
    """Return those of the invitations to which an answer, or a change of one, is being written."""
    statement = select(Response.invitation_id).where(
        Response.invitation_id.in_(invitation_ids), Response.state == ResponseState.DRAFT
    )
    return session.scalars(statement.order_by(Response.invitation_id)).all()


def list_submitted(session: Session, invitation_id: UUID) -> Sequence[Response]:
    """Return every version that was submitted, with its pupils, the latest first."""
    return session.scalars(
        _with_pupils()
        .where(Response.invitation_id == invitation_id, Response.state == ResponseState.SUBMITTED)
        .order_by(Response.number.desc())
    ).all()


def get_submitted_version(session: Session, invitation_id: UUID, number: int, *, visible_to: Actor) -> Response:
    """Return a submitted version by its number, with its pupils. Raises `NotFound`."""
    if number > MOST_VERSIONS:
        raise NotFound("response")
    response = session.scalar(
        _with_pupils().where(
            _is_visible(visible_to),
            Response.invitation_id == invitation_id,
            Response.number == number,
            Response.state == ResponseState.SUBMITTED,
        )
    )
    if response is None:
        raise NotFound("response")
    return response


def count_versions(session: Session, invitation_id: UUID) -> int:
    """Return the number of the latest version, drafts included; 0 when there is none."""
    return session.scalar(select(func.max(Response.number)).where(Response.invitation_id == invitation_id)) or 0


def get_missing_pupil(session: Session, pupil_id: UUID, *, visible_to: Actor) -> MissingPupil:
    """Return a missing pupil with its answer and invitation. Raises `NotFound`."""
    invitation = joinedload(MissingPupil.response).joinedload(Response.invitation)
    pupil = session.scalar(
        select(MissingPupil)
        .join(MissingPupil.response)
        .where(_is_visible(visible_to), MissingPupil.id == pupil_id)
        .options(invitation.options(joinedload(Invitation.school_unit), joinedload(Invitation.round)))
    )
    if pupil is None:
        raise NotFound("missing pupil")
    return pupil


def find_latest_pupil(session: Session, entry_id: UUID) -> MissingPupil | None:
    """Return a pupil as last described, in a draft or not; None when the school has taken the pupil off its list."""
    return session.scalar(
        select(MissingPupil)
        .join(MissingPupil.response)
        .where(MissingPupil.entry_id == entry_id)
        .order_by(Response.saved_at.desc(), Response.number.desc())
        .limit(1)
        .options(joinedload(MissingPupil.response))
    )


def list_told_rows(session: Session, entry_ids: Collection[UUID], *, visible_to: Actor) -> Sequence[MissingPupil]:
    """Return pupils in every version that has them and the actor may see, drafts too, the earliest first."""
    return session.scalars(
        select(MissingPupil)
        .join(MissingPupil.response)
        .where(_is_visible(visible_to), MissingPupil.entry_id.in_(entry_ids))
        .order_by(Response.saved_at, Response.number, MissingPupil.id)
        .options(joinedload(MissingPupil.response))
    ).all()


def list_entries_told_by_others(session: Session, entry_ids: Collection[UUID], *, besides: Actor) -> Collection[UUID]:
    """Return those of the rows that stand in an answer the actor may not see, as a worry that a school took up."""
    return session.scalars(
        select(MissingPupil.entry_id)
        .join(MissingPupil.response)
        .where(~_is_visible(besides), MissingPupil.entry_id.in_(entry_ids))
    ).all()


def select_drafts(*, visible_to: Actor) -> Select[UUID]:
    """Return the choice of the versions being written that the actor may see."""
    return select(Response.id).where(_is_visible(visible_to), Response.state == ResponseState.DRAFT)


def list_pupils_of_entries(session: Session, entry_ids: Collection[UUID]) -> Sequence[MissingPupil]:
    """Return pupils in every submitted version that has them, the earliest first, for whoever may see their cases."""
    return session.scalars(
        select(MissingPupil)
        .join(MissingPupil.response)
        .where(
            MissingPupil.entry_id.in_(entry_ids),
            MissingPupil.is_withheld.is_(False),
            Response.state == ResponseState.SUBMITTED,
        )
        .order_by(Response.saved_at, Response.number, MissingPupil.id)
        .options(joinedload(MissingPupil.response))
    ).all()


def list_listed(session: Session, *, visible_to: Actor) -> Sequence[ListedEntry]:
    """Return every pupil ever listed in what the actor answers or has begun, in the version that has it last."""
    rows = session.execute(
        select(MissingPupil.entry_id, MissingPupil.id, Response.invitation_id)
        .join(MissingPupil.response)
        .where(_is_visible(visible_to))
        .order_by(Response.saved_at, Response.number, MissingPupil.id)
    )
    return list({row.entry_id: ListedEntry(*row) for row in rows}.values())


def list_returned(session: Session, entry_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Return when each of these pupils was reported to have come back, for those who have."""
    statement = select(PupilReturn.entry_id, PupilReturn.reported_at).where(PupilReturn.entry_id.in_(entry_ids))
    return dict(session.execute(statement).all())


def find_return(session: Session, entry_id: UUID) -> PupilReturn | None:
    """Return the report that a pupil has come back, or None."""
    return session.scalar(select(PupilReturn).where(PupilReturn.entry_id == entry_id))


def _with_pupils() -> Select[Response]:
    return select(Response).options(
        selectinload(Response.pupils),
        joinedload(Response.invitation).options(joinedload(Invitation.school_unit), joinedload(Invitation.round)),
    )


def _is_visible(actor: Actor) -> ColumnElement[bool]:
    """Keep the actor's own municipality, and of it what the actor answers or has begun; others reach no answer."""
    is_here = Response.municipality_id == actor.municipality_id
    if actor.role in (Role.COORDINATOR, Role.SYSTEM):
        return is_here
    return and_(is_here, Response.invitation_id.in_(select(Invitation.id).where(is_own(actor))))
