"""Opening and closing rounds. Both are asked for by the tick, as often as it likes, and happen once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts.queries import list_by_role
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.sql_functions import execute_many, new_id
from app.outbox import service as outbox
from app.outbox.types import NewMessage
from app.schools.models import SchoolUnit
from app.schools.types import WorkingCalendar
from app.surveys import queries
from app.surveys.models import Invitation, RoundSchedule, SurveyRound
from app.surveys.queries import UnitSchedule
from app.surveys.service.invitations import queue_invitations
from app.surveys.types import InvitationState, Schedule, WaveDays, closing_key, is_office_hour, late_schedule


def open_round(session: Session, actor: Actor, round_id: UUID) -> SurveyRound | None:
    """Open a planned round whose hour has come: one invitation for each active school unit, and the mails of those
    that are asked at once.

    Returns None when it is too early by the calendars as they stand now, when the last unit would already be closed
    (then a person has to decide), or when another process opens it or has. The rows never leave the database: a round
    for thousands of schools costs a statement for each calendar, and one for all the mails.
    """
    at = clock.now()
    survey_round = queries.find_round_to_open(session, round_id, at)
    if survey_round is None or survey_round.days is None:
        return None
    schedules = queries.list_schedules(session, survey_round)
    if not schedules:
        return None
    survey_round.opens_at = min(each.moments.opens_at for each in schedules)
    survey_round.closes_at = max(each.moments.closes_at for each in schedules)
    if not survey_round.opens_at <= at < survey_round.closes_at:
        return None
    survey_round.open(at=at)
    survey_round.letter = survey_round.letter or survey_round.plan.letter
    parts = _parts(survey_round, survey_round.days, schedules, at)
    survey_round.closes_at = max(part.row.closes_at for part in parts)
    session.add_all(part.row for part in parts)
    session.flush()
    invitations = sum(_add_invitations(session, survey_round, part, at) for part in parts)
    queue_invitations(session, Invitation.round_id == survey_round.id, at)
    audit.record(session, actor, AuditAction.SURVEY_OPENED, survey_round.id, invitations=invitations)
    return survey_round


@dataclass(frozen=True, slots=True)
class _Part:
    """The units of a round that share a calendar."""

    row: RoundSchedule
    units: ColumnElement[bool]
    is_asked: bool
    """Whether they are asked at once; the others later, each calendar at its own hour."""


def _parts(
    survey_round: SurveyRound, days: WaveDays, schedules: Sequence[UnitSchedule], at: datetime
) -> Sequence[_Part]:
    with_own = [each.unit_id for each in schedules if each.unit_id is not None]
    sharing: dict[tuple[Schedule, WorkingCalendar], list[UnitSchedule]] = {}
    for each in schedules:
        sharing.setdefault((each.moments, each.calendar), []).append(each)
    parts = []
    for (planned, calendar), shared in sharing.items():
        is_asked = planned.opens_at <= at and is_office_hour(calendar, at)
        row = RoundSchedule(municipality_id=survey_round.municipality_id, round_id=survey_round.id)
        row.moments = late_schedule(calendar, planned, days, at) if is_asked else planned
        organisers = [each.organiser_id for each in shared if each.unit_id is None]
        units = or_(
            and_(SchoolUnit.organiser_id.in_(organisers), SchoolUnit.id.not_in(with_own)),
            SchoolUnit.id.in_([each.unit_id for each in shared if each.unit_id is not None]),
        )
        parts.append(_Part(row, units, is_asked))
    return parts


def _add_invitations(session: Session, survey_round: SurveyRound, part: _Part, at: datetime) -> int:
    """Make the invitations of a part's units and return how many."""
    row = part.row
    values: dict[str, Any] = {
        "id": new_id(),
        "municipality_id": SchoolUnit.municipality_id,
        "round_id": _as(Invitation.round_id, survey_round.id),
        "school_unit_id": SchoolUnit.id,
        "number": literal(1),
        "asks": _as(Invitation.asks, survey_round.asks),
        "schedule_id": _as(Invitation.schedule_id, row.id),
        "opens_at": _as(Invitation.opens_at, row.opens_at),
        "due_at": _as(Invitation.due_at, row.due_at),
        "closes_at": _as(Invitation.closes_at, row.closes_at),
        "invited_at": _as(Invitation.invited_at, at if part.is_asked else None),
        "next_step": literal(0),
        "next_at": _as(Invitation.next_at, row.moments.first_step_at),
        "state": _as(Invitation.state, InvitationState.NOT_STARTED),
        "is_nil": literal(False),
        "missing_count": literal(0),
        "protected_count": literal(0),
    }
    units = select(*values.values()).where(
        SchoolUnit.municipality_id == survey_round.municipality_id, SchoolUnit.is_active, part.units
    )
    return execute_many(session, insert(Invitation).from_select(list(values), units, include_defaults=False))


def _as(column: Any, value: object) -> ColumnElement[Any]:
    """Return a value of a column's type: a selected parameter has none of its own."""
    return literal(value, column.type)


def close_round(session: Session, actor: Actor, round_id: UUID) -> bool:
    """Close a round whose last unit may no longer answer; False when that is not so, or another process closes it.

    The silent stay silent, whoever they are: no answer is never made a nil return, and no case is closed. The
    coordinators are told that there are such schools, and where to see which.
    """
    at = clock.now()
    survey_round = queries.find_round_to_close(session, round_id, at)
    if survey_round is None:
        return False
    survey_round.close(at=at)
    session.flush()
    ahead = (Invitation.round_id == round_id, Invitation.next_at.is_not(None))
    execute_many(session, update(Invitation).where(*ahead).values(next_at=None))
    if queries.exists_silent_unit(session, round_id):
        outbox.enqueue_all(session, _closing_mails(session, survey_round, at))
    audit.record(session, actor, AuditAction.SURVEY_CLOSED, survey_round.id)
    return True


def _closing_mails(session: Session, survey_round: SurveyRound, at: datetime) -> Sequence[NewMessage]:
    coordinators = list_by_role(session, survey_round.municipality_id, Role.COORDINATOR)
    return [
        NewMessage(
            survey_round.municipality_id,
            kind="surveys.closing",
            dedupe_key=closing_key(survey_round.id, account.id, at),
            payload={"round_id": str(survey_round.id), "account_id": str(account.id)},
        )
        for account in coordinators
    ]
