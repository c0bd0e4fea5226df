"""What is done about schools that do not answer: the last of what is due, in office hours, up to whoever must know."""

import pytest
from sqlalchemy import select

from app.access.actor import Role
from app.audit.models import AuditRow
from app.kernel import clock
from app.outbox.models import OutboxMessage
from app.schools.models import SchoolUnit
from app.schools.queries import get_municipality
from app.surveys import mails, service
from app.surveys.models import Invitation, Reminder
from app.surveys.types import InvitationState, ReminderKind, StepKind
from tests.factories.accounts import make_account
from tests.integration.surveys.town import swedish

URL = "https://aterkomst.example"


@pytest.fixture
def with_head(database, town):
    """Let the first school's principal answer to somebody; of the others nobody is known."""
    with database.transaction() as session:
        session.get_one(SchoolUnit, town.own_ids[0]).head_email = "skolchef@alvhaga.example"
    return town.own_ids[0]


def done_about(database, unit_id) -> list[Reminder]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(Reminder)
                .join(Invitation, Invitation.id == Reminder.invitation_id)
                .where(Invitation.school_unit_id == unit_id)
                .order_by(Reminder.number)
            )
        )


def kinds_of(database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(OutboxMessage.kind)))


def compose(database, kind: str):
    """Return the only mail of a kind, written now."""
    with database.reading() as session:
        message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).one()
        return mails.COMPOSERS[kind](session, message.payload, URL)


class TestEscalation:
    def test_the_one_whom_the_principal_answers_to_is_told_and_then_somebody_phones(
        self, database, town, tick, with_head
    ):
        for at in ("2026-08-19T08:00", "2026-08-24T08:00", "2026-09-01T08:00", "2026-09-02T08:00"):
            tick(at)
        done = done_about(database, with_head)
        assert [each.step for each in done] == [StepKind.REMINDER, StepKind.ESCALATION, StepKind.CALL]
        assert not any(each.is_late or each.is_manual for each in done)
        with database.reading() as session:
            actions = list(session.scalars(select(AuditRow.action)))
        assert actions.count("survey:escalated") == 1
        assert actions.count("survey:call_asked") == 3

    def test_where_nobody_is_known_it_falls_to_the_coordinator_once(self, database, town, tick, with_head):
        for at in ("2026-08-19T08:00", "2026-08-24T08:00", "2026-09-01T08:00", "2026-09-02T08:00"):
            tick(at)
        done = done_about(database, town.own_ids[1])
        assert [(each.step, each.due_at) for each in done] == [
            (StepKind.REMINDER, swedish("2026-08-24T08:00")),
            (StepKind.CALL, swedish("2026-09-01T08:00")),
        ]
        assert kinds_of(database).count("surveys.escalation") == 1

    def test_the_mail_names_the_school_and_holds_neither_link_nor_number(self, database, town, tick, with_head):
        for at in ("2026-08-19T08:00", "2026-08-24T08:00", "2026-09-01T08:00"):
            tick(at)
        email = compose(database, "surveys.escalation")
        assert email.to == "skolchef@alvhaga.example"
        assert email.subject == "Öskolan har inte svarat: Kartläggning efter sommarlovet 2026"
        assert URL not in email.body
        assert "fredag 28 augusti 2026" in email.body

    def test_an_answer_stops_the_mail_that_is_already_queued(self, database, town, tick, with_head):
        for at in ("2026-08-19T08:00", "2026-09-01T08:00"):
            tick(at)
        with database.transaction() as session:
            asked = session.scalars(select(Invitation).where(Invitation.school_unit_id == with_head)).one()
            service.push_response_state(session, asked, state=InvitationState.SUBMITTED, at=clock.now())
        assert compose(database, "surveys.escalation") is None


class TestOfficeHours:
    def test_what_is_due_while_nothing_ran_waits_for_the_school_to_open_and_is_marked_late(self, database, town, tick):
        tick("2026-08-19T08:00")
        for at in ("2026-08-29T11:00", "2026-08-30T23:00", "2026-08-31T07:59"):  # From Saturday to Monday morning.
            tick(at)
            assert done_about(database, town.own_ids[0]) == []
        tick("2026-08-31T08:00")
        (reminder,) = done_about(database, town.own_ids[0])
        assert (reminder.due_at, reminder.is_late) == (swedish("2026-08-24T08:00"), True)
        assert "Den här påminnelsen är försenad: den skulle ha kommit måndag 24 augusti" in self.mail(
            database, reminder
        )

    def test_of_several_only_the_last_is_taken(self, database, town, tick):
        tick("2026-08-19T08:00")
        tick("2026-09-04T09:00")
        (only,) = done_about(database, town.own_ids[0])
        assert (only.step, only.due_at, only.is_late) == (StepKind.CALL, swedish("2026-09-02T08:00"), True)
        with database.reading() as session:
            asked = session.scalars(select(Invitation).where(Invitation.school_unit_id == town.own_ids[0])).one()
        assert asked.next_at is None

    def test_a_round_that_opens_late_in_the_evening_asks_next_morning(self, database, town, tick):
        tick("2026-08-19T22:00")
        with database.reading() as session:
            assert set(session.scalars(select(Invitation.invited_at))) == {None}
        tick("2026-08-20T08:00")
        assert kinds_of(database) == ["surveys.invitation"] * 3

    def mail(self, database, reminder: Reminder) -> str:
        with database.reading() as session:
            return mails.compose_reminder(session, {"reminder_id": str(reminder.id)}, URL).body


def test_a_school_that_is_closed_down_meanwhile_is_left_alone(database, town, tick):
    tick("2026-08-19T08:00")
    with database.transaction() as session:
        session.get_one(SchoolUnit, town.own_ids[0]).is_active = False
    for at in ("2026-08-24T08:00", "2026-09-01T08:00"):
        tick(at)
    assert done_about(database, town.own_ids[0]) == []


def test_each_reminder_says_what_the_school_had_done_until_then(database, town, tick):
    tick("2026-08-19T08:00")
    with database.transaction() as session:
        for unit_id, state in zip(town.own_ids[1:], (InvitationState.STARTED, InvitationState.COMPLETED), strict=True):
            asked = session.scalars(select(Invitation).where(Invitation.school_unit_id == unit_id)).one()
            service.push_response_state(session, asked, state=state, at=clock.now())
    tick("2026-08-24T08:00")
    kinds = [done_about(database, unit_id)[0].kind for unit_id in town.own_ids]
    assert kinds == [ReminderKind.SILENT, ReminderKind.STARTED, ReminderKind.COMPLETED]


class TestClosing:
    @pytest.fixture(autouse=True)
    def coordinators(self, database, town):
        with database.transaction() as session:
            municipality = get_municipality(session, town.municipality_id)
            for role in (Role.COORDINATOR, Role.COORDINATOR, Role.DIRECTOR):
                make_account(session, municipality, role)

    def test_the_coordinators_are_told_that_schools_have_not_answered(self, database, town, tick):
        for at in ("2026-08-19T08:00", "2026-08-24T08:00", "2026-09-16T16:00", "2026-09-17T08:00"):
            tick(at)
        assert kinds_of(database).count("surveys.closing") == 2
        with database.reading() as session:
            message = session.scalars(
                select(OutboxMessage).where(OutboxMessage.kind == "surveys.closing").limit(1)
            ).one()
            email = mails.compose_closing(session, message.payload, URL)
        assert "inte alla skolor har svarat" in email.body
        assert f"{URL}/kartlaggningar/" in email.body
        assert "Öskolan" not in email.body

    def test_not_when_everybody_has_answered(self, database, town, tick):
        for at in ("2026-08-19T08:00", "2026-08-24T08:00"):
            tick(at)
        with database.transaction() as session:
            for asked in session.scalars(select(Invitation)):
                service.push_response_state(session, asked, state=InvitationState.SUBMITTED, at=clock.now())
        tick("2026-09-16T16:00")
        assert "surveys.closing" not in kinds_of(database)
