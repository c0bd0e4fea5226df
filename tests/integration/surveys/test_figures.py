"""The figures of the engine tell what is there, and would tell what must not be."""

import pytest

from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.surveys import queries
from app.surveys.models import Reminder
from app.surveys.types import InvitationState, ReminderKind, StepKind, reminder_key
from tests.factories import schools, surveys
from tests.factories.surveys import MOMENTS, REMINDED_AT
from tests.integration.surveys.town import swedish

LATER = swedish("2026-08-25T10:00")


@pytest.fixture
def invitation(session):
    municipality = schools.make_municipality(session)
    survey_round = surveys.make_round(session, surveys.make_plan(session, municipality))
    return surveys.make_invitation(session, survey_round, schools.make_unit(session, municipality))


def remind(session, invitation, number=1, step=StepKind.REMINDER, sent_at=REMINDED_AT) -> None:
    reminder = Reminder(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        number=number,
        step=step,
        kind=ReminderKind.SILENT,
        due_at=REMINDED_AT,
        queued_at=REMINDED_AT,
    )
    session.add_all([reminder, message(invitation, "surveys.reminder", reminder_key(invitation.id, number), sent_at)])
    session.flush()


def message(invitation, kind, key, sent_at=MOMENTS.opens_at) -> OutboxMessage:
    return OutboxMessage(
        municipality_id=invitation.municipality_id,
        kind=kind,
        payload={"invitation_id": str(invitation.id)},
        dedupe_key=key,
        is_repeatable=True,
        state=MessageState.SENT,
        queued_at=MOMENTS.opens_at,
        sent_at=sent_at,
        due_at=MOMENTS.opens_at,
        attempts=1,
    )


def test_what_was_done_is_counted(session, invitation):
    remind(session, invitation)
    figures = queries.count_figures(session, invitation.municipality_id)
    assert figures == {
        "waves": 1,
        "reminders": 1,
        "escalations": 0,
        "calls": 0,
        "duplicate_messages": 0,
        "messages_to_answered": 0,
    }


def test_two_of_one_purpose_are_a_copy_whatever_their_keys(session, invitation):
    session.add_all(message(invitation, "surveys.invitation", key) for key in ("one", "two", "three"))
    remind(session, invitation)
    remind(session, invitation, number=2)
    session.flush()
    assert queries.count_figures(session, invitation.municipality_id)["duplicate_messages"] == 3


@pytest.mark.parametrize(("answered_at", "expected"), [(MOMENTS.opens_at, 1), (LATER, 0)])
def test_a_mail_sent_after_the_answer_is_counted(session, invitation, answered_at, expected):
    remind(session, invitation)
    invitation.state, invitation.submitted_at = InvitationState.SUBMITTED, answered_at
    session.flush()
    assert queries.count_figures(session, invitation.municipality_id)["messages_to_answered"] == expected


def test_another_municipality_s_are_not(session, invitation):
    remind(session, invitation)
    other = schools.make_municipality(session)
    assert set(queries.count_figures(session, other.id).values()) == {0}
