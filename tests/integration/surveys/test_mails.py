"""The mails that ask and remind: neutral, with a link, and not to those who have answered."""

import re

import pytest

from app.kernel.email import MemoryTransport
from app.outbox.service import deliver_due
from app.surveys import mails
from app.surveys.models import Reminder
from app.surveys.types import Asks, InvitationState, ReminderKind
from tests.factories import schools, surveys
from tests.factories.surveys import REMINDED_AT
from tests.integration.surveys.town import swedish

URL = "https://aterkomst.example"


@pytest.fixture
def invitation(session, set_clock):
    set_clock(swedish("2026-08-24T08:00"))
    municipality = schools.make_municipality(session)
    survey_round = surveys.make_round(session, surveys.make_plan(session, municipality))
    unit = schools.make_unit(session, municipality, name="Strandängsskolan", email="skolan@alvhaga.example")
    return surveys.make_invitation(session, survey_round, unit)


@pytest.fixture
def reminder(session, invitation):
    made = Reminder(
        municipality_id=invitation.municipality_id,
        invitation_id=invitation.id,
        number=1,
        kind=ReminderKind.SILENT,
        due_at=REMINDED_AT,
        queued_at=REMINDED_AT,
    )
    session.add(made)
    session.flush()
    return made


def ask(session, invitation):
    return mails.compose_invitation(session, {"invitation_id": str(invitation.id)}, URL)


def remind(session, reminder):
    return mails.compose_reminder(session, {"reminder_id": str(reminder.id)}, URL)


def test_it_says_what_where_and_by_when_and_whom_to_ask(session, invitation):
    email = ask(session, invitation)
    assert email.to == "skolan@alvhaga.example"
    assert email.subject == ("Kartläggning efter sommarlovet 2026: svara senast fredag 28 augusti 2026 kl. 16.00")
    assert "är öppen för Strandängsskolan" in email.body
    assert f"\n{URL}/svar/{invitation.id}\n" in email.body
    assert "Maria Ekblad, 08-465 004 21" in email.body
    assert "Ring 112" in email.body
    assert "uppföljning" not in email.body


def test_a_follow_up_says_that_it_is_one(session, invitation):
    invitation.round.wave = 1
    session.flush()
    lines = ask(session, invitation).body.splitlines()
    assert lines[3] == "Det är en uppföljning: vi frågar om de elever som fortfarande saknas, och om nya."


class TestLetter:
    def test_the_shipped_one_says_what_is_asked_why_by_when_and_who_coordinates(self, session, invitation):
        _, letter = ask(session, invitation).body.split("----")
        assert "Svara senast fredag 28 augusti 2026 kl. 16.00." in letter
        assert "vilka elever i Strandängsskolan som inte är på plats" in letter
        assert "Maria Ekblad samordnar" in letter
        assert "anmäler det genast till socialtjänsten" in letter
        assert not any(place in letter for place in mails.PLACES)

    def test_the_municipality_s_own_goes_instead(self, session, invitation):
        invitation.round.letter = "Hej [skolenheten]!\n\nSvara före [sista svarsdag]. {{ 7 * 7 }} <b>"
        session.flush()
        body = ask(session, invitation).body
        assert "Hej Strandängsskolan!\n\nSvara före fredag 28 augusti 2026 kl. 16.00. {{ 7 * 7 }} <b>" in body
        assert "Till dig som är rektor" not in body

    def test_before_a_break_it_asks_for_worries(self, session, invitation):
        invitation.asks = Asks.WORRY
        body = ask(session, invitation).body
        assert "vilka elever ni är oroliga för inför lovet" in body
        assert "nollsvar" not in body.split("----")[0]

    def test_one_that_comes_late_says_so(self, session, invitation):
        invitation.invited_at = swedish("2026-08-21T08:00")
        assert "det skulle ha kommit onsdag 19 augusti 2026 kl. 08.00" in ask(session, invitation).body


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (InvitationState.NOT_STARTED, "Vi har inte fått något svar från Strandängsskolan ännu."),
        (InvitationState.STARTED, "är påbörjat men inte inskickat"),
        (InvitationState.COMPLETED, "är ifyllt men inte inskickat"),
    ],
)
def test_a_reminder_says_what_is_left(session, invitation, reminder, state, words):
    invitation.state, invitation.missing_count = state, 37
    email = remind(session, reminder)
    assert email.subject == "Påminnelse: Kartläggning efter sommarlovet 2026"
    assert words in email.body
    assert not re.search(r"\b37\b", email.body)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (InvitationState.STARTED, "Svaret är påbörjat men inte inskickat."),
        (InvitationState.COMPLETED, "Svaret är ifyllt men inte inskickat."),
    ],
)
def test_the_next_in_the_chain_is_told_how_far_the_school_has_come(session, invitation, reminder, state, words):
    invitation.school_unit.head_email = "chef@alvhaga.example"
    session.flush()
    payload = {"reminder_id": str(reminder.id)}
    silent = mails.compose_escalation(session, payload, URL)
    assert "inte inskickat" not in silent.body
    assert "Be rektorn att svara i dag. Det går fort" in silent.body
    invitation.state = state
    email = mails.compose_escalation(session, payload, URL)
    assert email.to == "chef@alvhaga.example"
    assert words in email.body


def test_a_late_reminder_says_that_the_day_has_passed(session, invitation, reminder, set_clock):
    set_clock(swedish("2026-08-31T08:00"))
    assert "Sista svarsdag var fredag 28 augusti 2026 kl. 16.00." in remind(session, reminder).body


def test_nobody_who_has_answered_is_mailed(session, invitation, reminder):
    invitation.state, invitation.submitted_at, invitation.next_at = InvitationState.SUBMITTED, REMINDED_AT, None
    assert ask(session, invitation) is None
    assert remind(session, reminder) is None


def test_nobody_who_may_no_longer_answer_is_mailed(session, invitation, reminder, set_clock):
    set_clock(swedish("2026-09-11T16:00"))
    assert ask(session, invitation) is None
    assert remind(session, reminder) is None


def test_a_unit_that_is_closed_down_is_not_mailed(session, invitation):
    invitation.school_unit.is_active = False
    session.flush()
    assert ask(session, invitation) is None


def test_an_invitation_that_is_gone_is_not_mailed(session, invitation):
    assert mails.compose_reminder(session, {"reminder_id": str(invitation.id)}, URL) is None


def test_a_round_s_mails_go_out_and_an_answer_in_between_stops_the_reminder(database, town, tick):
    from app.surveys import service  # noqa: PLC0415

    transport = MemoryTransport()
    tick("2026-08-19T08:00")
    deliver_due(database, transport, mails.COMPOSERS, URL)
    assert len(transport.sent) == 3
    tick("2026-08-24T08:00")
    with database.transaction() as session:
        invitation = session.scalars(surveys_of(town.own_ids[0])).one()
        service.push_response_state(session, invitation, state=InvitationState.SUBMITTED, at=REMINDED_AT)
    deliver_due(database, transport, mails.COMPOSERS, URL)
    subjects = [email.subject for email, _ in transport.sent[3:]]
    assert sorted(subject.split(":")[0] for subject in subjects) == [
        "Kartläggning efter sommarlovet 2026",
        "Påminnelse",
        "Påminnelse",
    ]


def surveys_of(unit_id):
    from sqlalchemy import select  # noqa: PLC0415

    from app.surveys.models import Invitation  # noqa: PLC0415

    return select(Invitation).where(Invitation.school_unit_id == unit_id)
