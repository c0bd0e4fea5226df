"""The mails that ask and remind schools. They say that something waits and where, and nothing about any pupil."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from babel.dates import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.kernel import clock
from app.kernel.email import Email
from app.kernel.rendering import render_mail
from app.schools.queries import get_municipality
from app.surveys.models import Invitation, Reminder


def compose_invitation(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail that asks a unit, or None when it has answered or may no longer."""
    return _compose(session, UUID(payload["invitation_id"]), "surveys/invitation.txt", public_url)


def compose_reminder(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail that reminds a unit, or None when it has answered since, or may no longer."""
    reminder = session.get(Reminder, UUID(payload["reminder_id"]))
    if reminder is None:
        return None
    return _compose(session, reminder.invitation_id, "surveys/reminder.txt", public_url)


def _compose(session: Session, invitation_id: UUID, template: str, public_url: str) -> Email | None:
    invitation = session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .options(joinedload(Invitation.round, innerjoin=True), joinedload(Invitation.school_unit, innerjoin=True))
    )
    now = clock.now()
    if invitation is None or invitation.has_answered or not invitation.accepts_answers(now):
        return None
    unit = invitation.school_unit
    if not unit.is_active:
        return None
    subject, body = render_mail(
        template,
        title=invitation.round.title,
        unit_name=unit.name,
        state=invitation.state.value,
        due=_spoken(invitation.due_at),
        is_late=invitation.is_silent(now),
        url=f"{public_url}/svar/{invitation.id}",
        municipality=get_municipality(session, invitation.municipality_id),
    )
    return Email(to=unit.email, subject=subject, body=body)


def _spoken(moment: datetime) -> str:
    return format_datetime(clock.local(moment), "EEEE d MMMM y 'kl.' HH.mm", tzinfo=clock.STOCKHOLM, locale="sv")


COMPOSERS: Final = {"surveys.invitation": compose_invitation, "surveys.reminder": compose_reminder}
