"""One school's part in a round: how it stands, what has been done, and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.queries import names_by_id
from app.kernel import clock
from app.outbox import queries as outbox
from app.schools.models import SchoolUnit
from app.surveys import queries
from app.surveys.models import Invitation, PhoneNote, Reminder, SurveyRound
from app.surveys.pages.mails import MailLine, mail_keys
from app.surveys.pages.rows import Done, UnitRow, make_rows
from app.surveys.pages.words import DONE_UNTIL_THEN, MAIL_SENTENCES
from app.surveys.types import RoundState, StepKind


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, with a line under it."""

    at: datetime
    text: str
    meta: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number to ring, as the list of numbers draws it."""

    label: str
    number: str
    note: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class UnitPage:
    """The page of a unit in a round."""

    row: UnitRow
    entries: Sequence[Entry]
    acts: Sequence[tuple[str, str]]


def make_unit_page(session: Session, actor: Actor, invitation: Invitation) -> UnitPage:
    """Return the page of a unit, with what happened last first."""
    survey_round, at = invitation.round, clock.now()
    reminders = queries.reminders_by_invitation(session, survey_round, invitation.id)
    notes = queries.notes_by_invitation(session, survey_round, invitation.id)
    states = outbox.states_by_key(session, mail_keys([invitation], reminders), visible_to=actor)
    calls = queries.list_call_tasks(session, at, visible_to=actor, in_round=survey_round)
    done = Done(reminders, notes, states, {call.invitation.id for call in calls})
    (row,) = make_rows(survey_round, [invitation], done, at)
    senders = {each.by_id for each in reminders.get(invitation.id, ()) if each.by_id is not None}
    writers = senders | {each.by_id for each in notes.get(invitation.id, ())}
    names = names_by_id(session, writers, visible_to=actor)
    entries = _entries(row, reminders.get(invitation.id, ()), notes.get(invitation.id, ()), names)
    return UnitPage(row, sorted(entries, key=lambda entry: entry.at, reverse=True), _acts(row, survey_round))


def _entries(
    row: UnitRow, reminders: Sequence[Reminder], notes: Sequence[PhoneNote], names: Mapping[UUID, str]
) -> list[Entry]:
    mails = iter(row.mails)
    entries = [_of_mail(next(mails))] if row.invitation.invited_at is not None else []
    for reminder in reminders:
        if reminder.step is StepKind.CALL:
            entries.append(Entry(reminder.queued_at, "Dags att ringa", _late(reminder.is_late)))
        else:
            who = names.get(reminder.by_id, "") if reminder.by_id else ""
            entries.append(_of_mail(next(mails), DONE_UNTIL_THEN[reminder.kind], who))
    entries += [
        Entry(
            note.noted_at,
            note.text if note.reached else f"Nådde ingen: {note.text}",
            f"Samtal, skrivet av {names.get(note.by_id, 'någon som inte finns kvar')}",
        )
        for note in notes
    ]
    if row.invitation.submitted_at is not None:
        entries.append(Entry(row.invitation.submitted_at, "Skolan svarade", ""))
    return entries


def _of_mail(mail: MailLine, then: str = "", who: str = "") -> Entry:
    parts = [
        MAIL_SENTENCES[mail.state] if mail.state else "",
        then,
        _late(mail.is_late),
        f"skickad av {who}" if who else "",
    ]
    return Entry(mail.at, mail.label, ". ".join(part[:1].upper() + part[1:] for part in parts if part))


def _late(is_late: bool) -> str:
    return "Försenad: inget kördes när den skulle ha gått" if is_late else ""


def _acts(row: UnitRow, survey_round: SurveyRound) -> Sequence[tuple[str, str]]:
    acts: list[tuple[str, str]] = []
    if (
        survey_round.days is None
        or row.invitation.has_answered
        or survey_round.state not in (RoundState.OPEN, RoundState.CLOSED)
    ):
        return acts
    if survey_round.state is RoundState.OPEN and row.invitation.invited_at is not None:
        address = url_for("surveys.remind_units", round_id=survey_round.id, skola=row.invitation.id)
        acts.append(("Påminn skolan nu", address))
    acts.append(("Rätta adressen", url_for("surveys.correct_addresses", invitation_id=row.invitation.id)))
    acts.append(("Förläng för skolan", url_for("surveys.extend_invitation", invitation_id=row.invitation.id)))
    acts.append(("Låt någon annan svara", url_for("schools.show_respondents", school_unit_id=row.unit.id)))
    return acts


def list_numbers(unit: SchoolUnit) -> Sequence[Number]:
    """Return whom to ring about a unit: its principal, and the next in the chain when there is one."""
    numbers = [Number("Rektor", unit.phone, unit.principal_name)]
    if unit.head_phone:
        numbers.append(Number("Nästa chef", unit.head_phone, unit.head_name or ""))
    return numbers
