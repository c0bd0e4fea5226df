"""A school year played by the movable clock, with two scheduler processes that are killed at any statement.

Each invitation, reminder, escalation and call happens exactly once, at the first moment when it should, and nothing is
sent to one that had answered before. `SEEDS=16:24 pytest …/test_school_year.py` plays other years than those of every
run.
"""

import os
from bisect import bisect_right
from collections import Counter
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit.models import AuditRow
from app.audit.queries import find_breaks
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.surveys import queries
from app.surveys.models import Invitation, Reminder, SurveyRound
from app.surveys.types import RoundState, StepKind, is_office_hour, reminder_key
from tests.integration.surveys.school_year import SchoolYear, make_year

SEEDS = [int(seed) for seed in os.environ.get("SEEDS", "0:2").split(":")]


@pytest.fixture(params=range(*SEEDS))
def year(request, database, keys, tmp_path) -> SchoolYear:
    """A year that has been played."""
    make_year(database)
    played = SchoolYear(database, keys, tmp_path / "mail", request.param)
    played.play()
    return played


def test_everything_happens_exactly_once_whoever_dies(year):
    assert year.deaths > 2
    with year.database.reading() as session:
        rounds = session.scalars(select(SurveyRound)).all()
        opened = [each for each in rounds if _check_opening(year, each)]
        for survey_round in opened:
            _check_round(session, year, survey_round)
        _check_mails(session, year)
        _check_audit(session, len(opened))
        figures = queries.count_figures(session, opened[0].municipality_id)
        late = _count_overtaken(session, year)
    assert (figures["duplicate_messages"], figures["messages_to_answered"]) == (0, late)
    assert len(rounds) == 8
    assert figures["waves"] == len(opened) >= 5
    assert figures["reminders"] + figures["escalations"] + figures["calls"] > 0


def _moment(year: SchoolYear, at: datetime) -> int:
    """Return the number of the moment at which something was done."""
    return bisect_right(year.moments, at) - 1


def _check_opening(year: SchoolYear, survey_round: SurveyRound) -> bool:
    """Check that a round opened at the first moment when it could, if there was one, and tell whether it did."""
    could = [at for at in year.moments if survey_round.opens_at <= at < survey_round.closes_at]
    opened_at = survey_round.opened_at
    assert (opened_at and year.moments[_moment(year, opened_at)]) == (could[0] if could else None)
    return opened_at is not None


def _check_round(session, year: SchoolYear, survey_round: SurveyRound) -> None:
    asked = session.scalars(
        select(Invitation)
        .where(Invitation.round_id == survey_round.id)
        .options(joinedload(Invitation.school_unit), joinedload(Invitation.schedule))
    ).all()
    assert len(asked) == len({each.school_unit_id for each in asked}) == 4
    for invitation in asked:
        _check_unit(session, year, survey_round, invitation)
    all_asked = all(each.invited_at is not None for each in asked)
    is_over = max(each.closes_at for each in asked) <= year.moments[-1]
    assert (survey_round.state is RoundState.CLOSED) == (all_asked and is_over)


def _check_unit(session, year: SchoolYear, survey_round: SurveyRound, asked: Invitation) -> None:
    calendar = queries.get_unit_calendar(session, asked.school_unit)
    office = [number for number, at in enumerate(year.moments) if is_office_hour(calendar, at)]
    opened = _moment(year, survey_round.opened_at)
    due = [number for number in office if number >= opened and year.moments[number] >= asked.opens_at]
    assert (None if asked.invited_at is None else _moment(year, asked.invited_at)) == (due[0] if due else None)
    must, may = _expected(year, asked, due[1:])
    reminders = session.scalars(
        select(Reminder).where(Reminder.invitation_id == asked.id).order_by(Reminder.number)
    ).all()
    assert [each.number for each in reminders] == list(range(1, len(reminders) + 1))
    done = [(each.step, _moment(year, each.queued_at)) for each in reminders]
    assert done in (must, must + may)
    assert all(asked.submitted_at is None or each.queued_at <= asked.submitted_at for each in reminders)


def _expected(year: SchoolYear, asked: Invitation, due: list[int]) -> tuple[list, list]:
    """Return what is to be done about a unit and when, and what may be, since it answered while it was being done."""
    left, must = list(asked.schedule.steps), []
    answered, was_racing = year.answered.get(asked.id, (len(year.moments), False))
    for number in due:
        at = year.moments[number]
        if number > answered or at >= asked.closes_at:
            break
        passed = [step for step in left if step.at <= at]
        left = left[len(passed) :]
        if not passed:
            continue
        kind = passed[-1].kind
        if kind is StepKind.ESCALATION and asked.school_unit.head_email is None:
            kind = StepKind.CALL
        if kind is StepKind.CALL and any(step is StepKind.CALL for step, _ in must):
            continue
        if number == answered and was_racing:
            return must, [(kind, number)]
        must.append((kind, number))
    return must, []


def _check_mails(session, year: SchoolYear) -> None:
    messages = session.scalars(select(OutboxMessage)).all()
    left = [each for each in messages if each.state not in (MessageState.SENT, MessageState.DROPPED)]
    assert not [(each.kind, each.state, each.attempts, each.failure) for each in left]
    handed_over = Counter(line.split()[0] for line in year.mail.read_text().splitlines())
    for each in messages:
        # Whoever died with a message in hand may have handed it over: the next one takes it up and does so again.
        sent, again = each.state is MessageState.SENT, each.id in year.held
        assert each.attempts == 1 + again
        assert sent <= handed_over[each.message_id] <= sent + again
    kinds = Counter(each.kind for each in messages)
    steps = Counter(session.scalars(select(Reminder.step)))
    asked = session.scalars(select(Invitation.id).where(Invitation.invited_at.is_not(None))).all()
    assert kinds["surveys.invitation"] == len(asked)
    assert kinds["surveys.reminder"] == steps[StepKind.REMINDER]
    assert kinds["surveys.escalation"] == steps[StepKind.ESCALATION]


def _count_overtaken(session, year: SchoolYear) -> int:
    """Count the mails that an answer overtook on their way from being written to being sent: no lock spans the two.

    Only an answer that came while the schedulers were at work, at that very moment, can.
    """
    sent = {each.dedupe_key: each.sent_at for each in session.scalars(select(OutboxMessage)) if each.sent_at}
    reminded = session.execute(select(Reminder, Invitation).join(Invitation, Invitation.id == Reminder.invitation_id))
    rows = [
        (invitation.id, sent_at)
        for reminder, invitation in reminded
        if (sent_at := sent.get(reminder_key(invitation.id, reminder.number))) is not None
        and invitation.submitted_at is not None
        and sent_at > invitation.submitted_at
    ]
    for invitation_id, sent_at in rows:
        assert year.answered[invitation_id] == (_moment(year, sent_at), True)
    return len(rows)


def _check_audit(session, opened: int) -> None:
    actions = Counter(session.scalars(select(AuditRow.action)))
    steps = Counter(session.scalars(select(Reminder.step)))
    assert actions["survey:opened"] == opened
    assert actions["survey:reminded"] == steps[StepKind.REMINDER]
    assert actions["survey:escalated"] == steps[StepKind.ESCALATION]
    assert actions["survey:call_asked"] == steps[StepKind.CALL]
    assert not list(find_breaks(session))
