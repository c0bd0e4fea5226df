"""The mails that ask, remind and escalate, and the director's letter.

They say that something waits and where, and nothing about any pupil: no names, no numbers of pupils, no counts of
answers.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from babel.dates import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.kernel import clock
from app.kernel.email import Email
from app.kernel.rendering import render_mail, render_text
from app.schools.models import CalendarNotice, Municipality
from app.schools.queries import get_municipality
from app.surveys.models import Invitation, Reminder, SurveyRound
from app.surveys.queries import exists_returned_invitation
from app.surveys.queries.calendars import find_missing_calendar
from app.surveys.types import LATE, Asks, RoundState

LETTERS: Final = {
    Asks.RETURN: "surveys/_letter_return.txt",
    Asks.WORRY: "surveys/_letter_worry.txt",
    Asks.REPORT: "surveys/_letter_return.txt",
}
PLACES: Final = ("[kartläggningen]", "[skolenheten]", "[sista svarsdag]", "[samordnaren]", "[telefonnumret]")
"""What a letter may hold, to be filled in for each school."""


def name_round(plan_title: str, year: int, wave: int) -> str:
    """Return what a round is called: after its plan, the year, and which follow-up it is."""
    return f"{plan_title} {year}" + (f", uppföljning {wave}" if wave else "")


def shipped_letter(asks: Asks) -> str:
    """Return the shipped example of the director's letter, its places not filled in."""
    return render_text(LETTERS[asks])


def fill_letter(letter: str, invitation: Invitation, municipality: Municipality) -> str:
    """Return a letter with its places filled in for a school; the invitation's round and unit must be loaded."""
    values = (
        invitation.round.title,
        invitation.school_unit.name,
        _spoken(invitation.due_at),
        municipality.coordinator_name,
        municipality.coordinator_phone,
    )
    for place, value in zip(PLACES, values, strict=True):
        letter = letter.replace(place, value)
    return letter.strip()


def compose_invitation(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail that asks a unit, with the director's letter, or None when it has answered or may no longer."""
    invitation = _find(session, UUID(payload["invitation_id"]))
    if invitation is None or not _is_waited_for(invitation):
        return None
    return _write_invitation(session, invitation, public_url)


def _write_invitation(session: Session, invitation: Invitation, public_url: str) -> Email:
    municipality = get_municipality(session, invitation.municipality_id)
    letter = invitation.round.letter or shipped_letter(invitation.asks)
    asked_at = invitation.invited_at or clock.now()
    values = {
        "letter": fill_letter(letter, invitation, municipality),
        "is_follow_up": invitation.round.wave > 0,
        "is_late": asked_at - invitation.opens_at > LATE,
        "opened": _spoken(invitation.opens_at),
    }
    to = invitation.school_unit.email
    return _write(session, invitation, ("surveys/invitation.txt", to), public_url, values)


def compose_reminder(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail that reminds a unit, or None when it has answered since, or may no longer."""
    found = _find_reminded(session, payload)
    if found is None:
        return None
    reminder, invitation = found
    return write_reminder(session, invitation, public_url, due_at=reminder.due_at, is_late=reminder.is_late)


def write_reminder(
    session: Session, invitation: Invitation, public_url: str, *, due_at: datetime, is_late: bool = False
) -> Email:
    """Return the mail that reminds a unit as it is to go at `due_at`; the invitation's unit must be loaded.

    A unit whose invitation came back has not been asked yet: it gets the invitation, with the director's letter.
    """
    if exists_returned_invitation(session, invitation):
        return _write_invitation(session, invitation, public_url)
    values = {"state": invitation.state.value, "is_late": is_late, "meant": _spoken(due_at)}
    to = invitation.school_unit.email
    return _write(session, invitation, ("surveys/reminder.txt", to), public_url, values)


def compose_escalation(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail to the one a silent school's principal answers to, or None when it has answered since.

    There is no link: that person has no account here, and is to ask the principal.
    """
    found = _find_reminded(session, payload)
    if found is None or not found[1].school_unit.head_email:
        return None
    reminder, invitation = found
    to = invitation.school_unit.head_email
    values = {
        "state": invitation.state.value,
        "is_unasked": exists_returned_invitation(session, invitation),
        "is_late": reminder.is_late,
        "meant": _spoken(reminder.due_at),
    }
    return _write(session, invitation, ("surveys/escalation.txt", to), public_url, values)


def compose_closing(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail that tells a coordinator that schools have not answered and where to see which."""
    survey_round = session.get(SurveyRound, UUID(payload["round_id"]))
    account = session.get(Account, UUID(payload["account_id"]))
    if survey_round is None or survey_round.state is not RoundState.CLOSED or account is None or not account.is_active:
        return None
    subject, body = render_mail(
        "surveys/closing.txt",
        title=survey_round.title,
        url=f"{public_url}/kartlaggningar/{survey_round.id}?visa=inget-svar",
        municipality=get_municipality(session, survey_round.municipality_id),
    )
    return Email(to=account.email, subject=subject, body=body)


def compose_calendar_missing(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail that tells a coordinator of a school year nobody has entered, or None when it is there now."""
    notice = session.get(CalendarNotice, UUID(payload["notice_id"]))
    account = session.get(Account, UUID(payload["account_id"]))
    if notice is None or account is None or not account.is_active:
        return None
    missing = find_missing_calendar(session, notice.organiser_id, clock.today())
    if missing is None or missing.school_year != notice.school_year:
        return None
    subject, body = render_mail(
        "surveys/calendar_missing.txt",
        school_year=missing.school_year,
        organiser_name=missing.organiser_name,
        url=f"{public_url}/planera/lasar",
        municipality=get_municipality(session, notice.municipality_id),
    )
    return Email(to=account.email, subject=subject, body=body)


def _find_reminded(session: Session, payload: Mapping[str, str]) -> tuple[Reminder, Invitation] | None:
    reminder = session.get(Reminder, UUID(payload["reminder_id"]))
    invitation = _find(session, reminder.invitation_id) if reminder is not None else None
    if reminder is None or invitation is None or not _is_waited_for(invitation):
        return None
    return reminder, invitation


def _find(session: Session, invitation_id: UUID) -> Invitation | None:
    return session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .options(joinedload(Invitation.round, innerjoin=True), joinedload(Invitation.school_unit, innerjoin=True))
    )


def _is_waited_for(invitation: Invitation) -> bool:
    """Whether there still is a reason to write: looked at when the mail is written, whenever it was queued."""
    return (
        not invitation.has_answered
        and invitation.accepts_answers(clock.now())
        and invitation.round.state is RoundState.OPEN
        and invitation.school_unit.is_active
    )


def _write(
    session: Session,
    invitation: Invitation,
    what: tuple[str, str],
    public_url: str,
    values: Mapping[str, object],
) -> Email:
    template, to = what
    subject, body = render_mail(
        template,
        title=invitation.round.title,
        unit_name=invitation.school_unit.name,
        asks=invitation.asks.value,
        due=_spoken(invitation.due_at),
        is_past_due=invitation.is_silent(clock.now()),
        url=f"{public_url}/svar/{invitation.id}",
        municipality=get_municipality(session, invitation.municipality_id),
        **values,
    )
    return Email(to=to, subject=subject, body=body)


def _spoken(moment: datetime) -> str:
    return format_datetime(clock.local(moment), "EEEE d MMMM y 'kl.' HH.mm", tzinfo=clock.STOCKHOLM, locale="sv")


COMPOSERS: Final = {
    "surveys.invitation": compose_invitation,
    "surveys.reminder": compose_reminder,
    "surveys.escalation": compose_escalation,
    "surveys.closing": compose_closing,
    "surveys.calendar_missing": compose_calendar_missing,
}
