"""What is done for one unit: more time, and a phone call."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.errors import Conflict, Refused
from app.schools.types import OFFICE_CLOSES
from app.surveys import queries
from app.surveys.models import Invitation, PhoneNote, RoundSchedule
from app.surveys.types import AddPhoneNote, ExtendInvitation, RoundState, Schedule, extended_schedule


def extend_invitation(session: Session, actor: Actor, invitation: Invitation, command: ExtendInvitation) -> None:
    """Give one unit a later due day; what has not happened moves with it. A closed round takes its answer again.

    Raises `Conflict` when the due day is another than the person saw, and `Refused` when the unit has answered, the
    round is not going on, or the day has passed or is none of the unit's school days.
    """
    survey_round, at = invitation.round, clock.now()
    session.refresh(invitation, with_for_update=True)
    if invitation.due_at != command.seen_due_at:
        raise Conflict("Invitation")
    if invitation.has_answered:
        raise Refused("already_submitted")
    if survey_round.state not in (RoundState.OPEN, RoundState.CLOSED) or survey_round.days is None:
        raise Refused("round_not_open")
    calendar = queries.get_unit_calendar(session, invitation.school_unit)
    if not calendar.is_working_day(command.due_on):
        raise Refused("not_a_school_day")
    if clock.at(command.due_on, OFFICE_CLOSES) <= max(at, invitation.due_at):
        raise Refused("extended_backward")
    moments = extended_schedule(calendar, invitation.schedule.moments, survey_round.days, command.due_on, at)
    _follow(session, invitation, moments)
    invitation.extended_because = command.reason
    survey_round.closes_at = max(survey_round.closes_at, moments.closes_at)
    if survey_round.state is RoundState.CLOSED:
        survey_round.reopen(because=command.reason)
    audit.record(session, actor, AuditAction.SURVEY_EXTENDED, survey_round.id, invitation_id=str(invitation.id))


def _follow(session: Session, invitation: Invitation, moments: Schedule) -> None:
    """Give the unit a schedule of its own: the steps that are taken, by whose place each is known, and those ahead."""
    taken = invitation.schedule.steps[: invitation.next_step]
    schedule = RoundSchedule(
        municipality_id=invitation.municipality_id,
        round_id=invitation.round_id,
        moments=replace(moments, steps=taken + moments.steps),
    )
    session.add(schedule)
    session.flush()
    invitation.schedule_id, invitation.schedule = schedule.id, schedule
    invitation.follow(moments)
    invitation.next_step = len(taken)


def add_phone_note(session: Session, actor: Actor, invitation: Invitation, command: AddPhoneNote) -> PhoneNote:
    """Note that somebody phoned the unit; once somebody was reached, it need not be phoned again."""
    if actor.account_id is None:
        raise Refused("nobody_writes")
    note = PhoneNote(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        text=command.text,
        reached=command.reached,
        noted_at=clock.now(),
        by_id=actor.account_id,
    )
    session.add(note)
    audit.record(session, actor, AuditAction.SURVEY_PHONED, invitation.round_id, invitation_id=str(invitation.id))
    return note
