"""A school that a mail did not reach is not asked: the coordinator sees it, corrects the address, and it is."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.schools.models import SchoolUnit
from app.surveys import mails, queries
from app.surveys.models import Reminder
from app.surveys.types import InvitationState, ReminderKind, StepKind, invitation_key, reminder_key
from tests.factories import schools, surveys
from tests.factories.surveys import MOMENTS

URL = "https://aterkomst.alvhaga.example"


@pytest.fixture
def survey_round(session, municipality):
    made = surveys.make_round(session, surveys.make_plan(session, municipality))
    unit = schools.make_unit(session, municipality, name="Nåbara skolan")
    reached = surveys.make_invitation(session, made, unit)
    session.add(surveys.make_message(reached, invitation_key(reached.id)))
    session.commit()
    return made


@pytest.fixture
def unreached(session, municipality, survey_round):
    """A school whose invitation came back."""
    unit = schools.make_unit(
        session, municipality, name="Onåbara skolan", email="fel@alvhaga.example", head_email="chef@alvhaga.example"
    )
    made = surveys.make_invitation(session, survey_round, unit)
    session.add(surveys.make_message(made, invitation_key(made.id), MessageState.DEAD))
    session.commit()
    return made


@pytest.fixture
def remind(session):
    """Write down a step about a school, and how its mail went."""

    def reminded(invitation, number, state, step=StepKind.REMINDER, at=MOMENTS.opens_at) -> Reminder:
        made = Reminder(
            municipality_id=invitation.municipality_id,
            invitation_id=invitation.id,
            number=number,
            step=step,
            kind=ReminderKind.SILENT,
            due_at=at,
            queued_at=at,
        )
        session.add_all([made, surveys.make_message(invitation, reminder_key(invitation.id, number), state)])
        session.commit()
        return made

    return reminded


def shown(page) -> list[str]:
    return [row["Skola"].split(" F–9")[0] for row in page.rows()]


def test_the_way_from_the_control_room_to_a_mail_that_arrives(coordinator, survey_round, unreached, session):
    rounds = coordinator.page("surveys.list_rounds")
    assert shown(coordinator.visit(rounds.link("Mejl har inte kommit fram"))) == ["Onåbara skolan"]
    page = coordinator.page("surveys.show_round", round_id=survey_round.id)
    assert "Mejlet kom inte fram till 1 skola." in page.text
    (row,) = coordinator.visit(page.link("Visa dem")).rows()
    assert (row["Skola"][:14], row["Nästa steg"][:14]) == ("Onåbara skolan", "Rätta adressen")
    form = coordinator.visit(page.link("Rätta adressen till Onåbara skolan"))
    preview = coordinator.submit(form, {"email": "ratt@alvhaga.example"})
    assert "Det står i mejlet: inbjudan på nytt, eftersom den inte kom fram." in preview.text
    assert "1 skola får en påminnelse nu." in coordinator.submit(preview).text
    session.expire_all()
    (message,) = session.scalars(select(OutboxMessage).where(OutboxMessage.state == MessageState.QUEUED))
    mail = mails.compose_reminder(session, message.payload, URL)
    assert mail is not None
    assert (mail.to, mail.subject[:24]) == ("ratt@alvhaga.example", "Kartläggning efter somma")
    assert "Till dig som är rektor" in mail.body
    message.state = MessageState.SENT
    session.commit()
    after = coordinator.page("surveys.show_round", round_id=survey_round.id)
    assert "Mejlet kom inte fram till" not in after.text
    assert "Mejl har inte kommit fram" not in coordinator.page("surveys.list_rounds").text


def test_corrected_addresses_are_recorded_without_them(coordinator, unreached, session):
    form = coordinator.page("surveys.correct_addresses", invitation_id=unreached.id)
    coordinator.submit(form, {"email": "ratt@alvhaga.example", "head_email": ""})
    session.expire_all()
    unit = session.get_one(SchoolUnit, unreached.school_unit_id)
    assert (unit.email, unit.head_email) == ("ratt@alvhaga.example", None)
    (row,) = session.scalars(select(AuditRow).where(AuditRow.action == AuditAction.SCHOOL_UNIT_CHANGED))
    assert ("head_email" in row.details, "@" in row.details) == (True, False)


def test_two_who_correct_an_address_meet(coordinator, unreached, session):
    form = coordinator.page("surveys.correct_addresses", invitation_id=unreached.id)
    session.get_one(SchoolUnit, unreached.school_unit_id).email = "annan@alvhaga.example"
    session.commit()
    again = coordinator.submit(form, {"email": "ratt@alvhaga.example"}, status=409)
    assert "ratt@alvhaga.example" in str(again.soup)


@pytest.mark.parametrize(
    ("states", "is_shown"),
    [((), True), ((MessageState.SENT,), False), ((MessageState.SENT, MessageState.DEAD), True)],
    ids=["never asked", "a reminder arrived", "the next one did not"],
)
def test_the_last_mail_decides_whether_a_school_is_reached(
    coordinator, survey_round, unreached, remind, states, *, is_shown
):
    for number, state in enumerate(states, 1):
        remind(unreached, number, state)
    page = coordinator.visit(f"/kartlaggningar/{survey_round.id}?visa=ej-framme")
    assert (shown(page) if is_shown else []) == (["Onåbara skolan"] if is_shown else [])


def test_one_that_has_answered_has_been_reached(coordinator, survey_round, unreached, session):
    unreached.state, unreached.submitted_at = InvitationState.SUBMITTED, MOMENTS.opens_at
    session.commit()
    assert "Mejlet kom inte fram" not in coordinator.page("surveys.show_round", round_id=survey_round.id).text


def test_a_mail_to_the_head_that_came_back_is_told_apart(coordinator, survey_round, unreached, remind):
    remind(unreached, 1, MessageState.SENT)
    remind(unreached, 2, MessageState.DEAD, StepKind.ESCALATION)
    page = coordinator.page("surveys.show_invitation", invitation_id=unreached.id)
    assert "Mejlet till nästa chef kom inte fram." in page.text


@pytest.mark.parametrize(("state", "may"), [(MessageState.SENT, False), (MessageState.DEAD, True)])
def test_a_reminder_that_came_back_today_does_not_stop_another(
    coordinator, survey_round, unreached, remind, state, *, may
):
    remind(unreached, 1, state, at=MOMENTS.opens_at.replace(day=20))
    page = coordinator.page("surveys.remind_units", round_id=survey_round.id)
    assert (str(unreached.id) in str(page.soup.select("input[name=invitation_ids]"))) is may


def test_a_head_is_told_that_the_principal_may_not_know(session, unreached, remind, set_clock):
    set_clock(MOMENTS.due_at)
    step = remind(unreached, 1, MessageState.QUEUED, StepKind.ESCALATION)
    mail = mails.compose_escalation(session, {"reminder_id": str(step.id)}, URL)
    assert mail is not None
    assert "Våra mejl till skolan har kommit tillbaka" in mail.body
    assert "egen länk" not in mail.body


def test_a_school_that_a_reminder_has_reached_is_asked(session, survey_round, unreached, remind):
    assert queries.list_unasked(session, survey_round) == {unreached.id}
    remind(unreached, 1, MessageState.SENT)
    assert queries.list_unasked(session, survey_round) == set()
