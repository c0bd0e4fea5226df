"""What a coordinator does from the control room: reminding, ringing, giving more time, stopping and opening again."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access.actor import Actor, Role
from app.audit.models import AuditRow
from app.kernel.database import Database
from app.outbox.models import OutboxMessage
from app.outbox.types import MessageState
from app.schools.models import Municipality, SchoolUnit
from app.surveys import jobs, mails, service
from app.surveys.models import Invitation, PhoneNote, Reminder, SurveyPlan, SurveyRound
from app.surveys.types import InvitationState, ReminderKind, RoundState, StepKind, invitation_key
from tests.factories import schools, surveys
from tests.factories.accounts import make_account
from tests.factories.surveys import MOMENTS
from tests.integration.surveys.town import swedish
from tests.pages import all_of

ANSWERED = {"state": InvitationState.SUBMITTED, "submitted_at": MOMENTS.opens_at, "next_at": None}
UNITS = {
    "Tysta skolan": {},
    "Begynta skolan": {"state": InvitationState.STARTED},
    "Ifyllda skolan": {"state": InvitationState.COMPLETED},
    "Svarande skolan": ANSWERED,
    "Sena skolan": {"invited_at": None, "opens_at": MOMENTS.opens_at + timedelta(days=3)},
}
REASON = "Skolan har haft en brand."


@pytest.fixture
def survey_round(session, municipality):
    organiser = schools.make_organiser(session, municipality)
    schools.make_school_year(session, organiser)
    made = surveys.make_round(session, surveys.make_plan(session, municipality))
    for name, values in UNITS.items():
        unit = schools.make_unit(session, municipality, name=name, organiser_id=organiser.id)
        surveys.make_invitation(session, made, unit, **values)
    session.commit()
    return made


@pytest.fixture
def invitation_of(session, survey_round):
    """Find a unit's invitation by the unit's name."""

    def found(name: str) -> Invitation:
        wanted = select(Invitation).join(Invitation.school_unit).where(SchoolUnit.name == name)
        invitation = session.scalars(wanted, execution_options={"populate_existing": True}).one()
        session.commit()
        return invitation

    return found


@pytest.fixture
def play(database, set_clock):
    """Move the clock to a Swedish time and do what is due."""

    def played(at: str) -> None:
        set_clock(swedish(at))
        for job in jobs.JOBS:
            job.run(database)

    return played


def reminders(session) -> list[tuple[str, ReminderKind]]:
    rows = session.execute(
        select(SchoolUnit.name, Reminder.kind)
        .join(Invitation, Invitation.id == Reminder.invitation_id)
        .join(SchoolUnit, SchoolUnit.id == Invitation.school_unit_id)
        .where(Reminder.is_manual)
        .order_by(SchoolUnit.name, Reminder.number)
    ).all()
    session.commit()
    return [(name, kind) for name, kind in rows]


def recorded(session) -> Counter:
    found = Counter(session.scalars(select(AuditRow.action)))
    session.commit()
    return found


class TestRemindNow:
    def test_the_preview_says_who_gets_what_and_who_does_not(self, coordinator, survey_round):
        page = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        told = {row["Skola"].split(" Huvudman")[0]: row["Det står i mejlet"] for row in page.rows()}
        assert told == {
            "Begynta skolan": "Att svaret är påbörjat men inte inskickat",
            "Ifyllda skolan": "Att svaret är ifyllt men inte inskickat",
            "Tysta skolan": "Att inget svar har kommit",
        }
        (spared,) = page.rows("Skolor som inte får någon påminnelse")
        assert (spared["Skola"], spared["Varför"]) == ("Sena skolan", "Har inte fått sin inbjudan ännu.")
        assert "1 skola har svarat och får ingenting." in page.text

    def test_exactly_those_are_reminded_once(self, coordinator, survey_round, session):
        page = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        after = coordinator.submit(page)
        assert "3 skolor får en påminnelse nu." in after.text
        expected = [
            ("Begynta skolan", ReminderKind.STARTED),
            ("Ifyllda skolan", ReminderKind.COMPLETED),
            ("Tysta skolan", ReminderKind.SILENT),
        ]
        assert reminders(session) == expected
        coordinator.submit(page)  # The same form once more: the back button, or a click that was too quick.
        coordinator.page("surveys.remind_units", round_id=survey_round.id)
        assert reminders(session) == expected
        assert session.query(OutboxMessage).filter_by(kind="surveys.reminder").count() == 3
        assert recorded(session)["survey:reminded"] == 3

    def test_somebody_else_on_the_same_day_reminds_nobody_twice(self, coordinator, survey_round, session):
        first = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        second = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        coordinator.submit(first)
        after = coordinator.submit(second)
        assert "Ingen fick någon påminnelse. 3 skolor fick ingen, eftersom läget hade ändrats." in after.text
        assert len(reminders(session)) == 3
        page = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        assert (
            all_of(page.rows("Skolor som inte får någon påminnelse"), "Varför").count(
                "Har redan fått en påminnelse i dag."
            )
            == 3
        )

    def test_one_a_day_and_another_the_next(self, coordinator_at, survey_round, session):
        for day in ("2026-08-20", "2026-08-21"):
            browser = coordinator_at(f"{day}T10:00")
            browser.submit(browser.page("surveys.remind_units", round_id=survey_round.id))
        assert len(reminders(session)) == 6

    def test_who_answers_after_the_preview_is_left_alone(self, coordinator, survey_round, session, invitation_of):
        page = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        answering = invitation_of("Tysta skolan")
        answering.state, answering.submitted_at = InvitationState.SUBMITTED, MOMENTS.opens_at
        session.commit()
        after = coordinator.submit(page)
        assert "2 skolor får en påminnelse nu. 1 skola fick ingen" in after.text
        assert all(name != "Tysta skolan" for name, _ in reminders(session))

    def test_the_rule_holds_where_the_page_is_not(self, database: Database, session, survey_round, account, set_clock):
        """The service looks again under the lock, whoever asks and whatever the page said."""
        set_clock(swedish("2026-08-20T10:00"))
        wanted = session.scalars(select(Invitation.id)).all()
        actor = Actor(account.id, account.municipality_id, Role.COORDINATOR)
        session.commit()
        with database.transaction() as other:
            outcome = service.remind_now(other, actor, other.get_one(SurveyRound, survey_round.id), wanted)
        assert outcome.reminded == 3
        with database.transaction() as other:
            outcome = service.remind_now(other, actor, other.get_one(SurveyRound, survey_round.id), wanted)
        assert outcome.reminded == 0
        assert len(outcome.spared) == 5

    def test_the_plan_s_own_reminders_go_on_after_one_by_hand(self, coordinator_at, survey_round, session, play):
        browser = coordinator_at("2026-08-21T10:00")
        browser.submit(browser.page("surveys.remind_units", round_id=survey_round.id))
        play("2026-08-24T08:00")
        sent = Counter(session.scalars(select(Reminder.is_manual)))
        assert sent == {True: 3, False: 3}

    def test_only_the_chosen_ones_are_reminded(self, coordinator, survey_round, session, invitation_of):
        page = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        coordinator.submit(page, {"invitation_ids": [str(invitation_of("Tysta skolan").id)]})
        assert reminders(session) == [("Tysta skolan", ReminderKind.SILENT)]

    def test_somebody_has_to_be_chosen(self, coordinator, survey_round, session):
        page = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        again = coordinator.submit(page, {"invitation_ids": []}, status=422)
        assert again.errors == ["Välj minst en skola i listan."]

    def test_a_unit_s_own_page_leads_to_reminding_it_alone(self, coordinator, invitation_of, session):
        page = coordinator.page("surveys.show_invitation", invitation_id=invitation_of("Tysta skolan").id)
        coordinator.submit(coordinator.visit(page.link("Påminn skolan nu")))
        assert reminders(session) == [("Tysta skolan", ReminderKind.SILENT)]

    def test_one_school_is_answered_about_alone(self, coordinator, survey_round, invitation_of):
        address = f"/kartlaggningar/{survey_round.id}/paminn?skola="
        page = coordinator.visit(f"{address}{invitation_of('Tysta skolan').id}")
        assert "Tysta skolan kan påminnas" in page.text
        assert [row["Skola"].split(" Huvudman")[0] for row in page.rows()] == ["Tysta skolan"]
        assert page.text.count("Läs mejlet till") == 1
        assert len(coordinator.visit(page.link("Visa alla skolor")).rows()) == 3
        page = coordinator.visit(f"{address}{invitation_of('Sena skolan').id}")
        assert "Sena skolan får ingen påminnelse Har inte fått sin inbjudan ännu." in page.text
        page = coordinator.visit(f"{address}{invitation_of('Svarande skolan').id}")
        assert "Svarande skolan får ingen påminnelse Har svarat." in page.text

    def test_the_mail_is_read_before_it_is_sent(self, coordinator, survey_round, session, database):
        page = coordinator.page("surveys.remind_units", round_id=survey_round.id)
        shown = [each.get_text(" ", strip=True) for each in page.soup.select("details.govuk-details")]
        shown = [each for each in shown if each.startswith("Läs mejlet till")]
        assert len(shown) == 3
        coordinator.submit(page)
        made = session.scalars(select(Reminder.id)).all()
        for each in made:
            mail = mails.compose_reminder(session, {"reminder_id": str(each)}, "http://localhost")
            heading = f"Ämne: {mail.subject}"
            words = mail.body.split("\n\n")[1]
            assert any(heading in text and words in text for text in shown)
        session.commit()


class TestPhoning:
    @pytest.fixture
    def past_every_reminder(self, session, invitation_of):
        """Let a unit, by its name, be one that somebody has to ring."""

        def silent(name: str) -> Invitation:
            invitation, called_at = invitation_of(name), swedish("2026-09-02T08:00")
            session.add(
                Reminder(
                    municipality_id=invitation.municipality_id,
                    invitation_id=invitation.id,
                    number=3,
                    step=StepKind.CALL,
                    kind=ReminderKind.SILENT,
                    due_at=called_at,
                    queued_at=called_at,
                )
            )
            session.commit()
            return invitation

        return silent

    @pytest.fixture
    def silent(self, past_every_reminder):
        return past_every_reminder("Tysta skolan")

    def test_the_list_is_worked_down_one_after_another(self, coordinator_at, past_every_reminder):
        for name in ("Begynta skolan", "Ifyllda skolan", "Tysta skolan"):
            past_every_reminder(name)
        browser = coordinator_at("2026-09-02T10:00")
        page = browser.page("surveys.list_call_tasks")
        note = browser.visit(page.link("Skriv om samtalet med Begynta skolan"))
        again = browser.submit(note, {"reached": "nej", "text": "Ingen svarade."})
        assert again.h1 == "Ring"
        rung = [row["Skola"].split(" Kart")[0] for row in again.rows()]
        assert rung == ["Ifyllda skolan", "Tysta skolan", "Begynta skolan"]

    def test_a_call_is_shown_until_somebody_is_reached(self, coordinator_at, silent, survey_round, session):
        browser = coordinator_at("2026-09-02T10:00")
        assert "Att ringa 1 skola" in browser.page("surveys.show_round", round_id=survey_round.id).text
        page = browser.page("surveys.list_call_tasks")
        (row,) = page.rows()
        assert row["Skola"].startswith("Tysta skolan")
        note = browser.visit(page.link("Skriv om samtalet med Tysta skolan"))
        browser.submit(note, {"reached": "nej", "text": "Sökte rektorn på expeditionen."})
        (row,) = browser.page("surveys.list_call_tasks").rows()
        assert "nåddes inte 2026-09-02" in row["Sedan"]
        browser.submit(
            browser.page("surveys.add_phone_note", invitation_id=silent.id),
            {"reached": "ja", "text": "Rektorn svarar i dag."},
        )
        assert "Ingen att ringa" in browser.page("surveys.list_call_tasks").text
        assert recorded(session)["survey:phoned"] == 2

    def test_a_closed_round_leaves_the_call_until_somebody_is_reached(
        self, coordinator_at, silent, survey_round, session
    ):
        survey_round.close(at=MOMENTS.closes_at)
        session.commit()
        browser = coordinator_at("2026-09-14T10:00")
        page = browser.page("surveys.list_call_tasks")
        assert [row["Skola"].split(" Kart")[0] for row in page.rows()] == ["Tysta skolan"]
        assert "högst 60 dagar" in page.text
        assert "Att ringa 1 skola" in browser.page("surveys.show_round", round_id=survey_round.id).text
        note = browser.visit(page.link("Skriv om samtalet med Tysta skolan"))
        browser.submit(note, {"reached": "ja", "text": "Rektorn svarar i dag."})
        assert "Ingen att ringa" in browser.page("surveys.list_call_tasks").text

    def test_sixty_days_after_closing_nobody_rings_any_more(self, coordinator_at, silent, survey_round, session):
        survey_round.close(at=MOMENTS.closes_at)
        session.commit()
        assert coordinator_at("2026-11-10T10:00").page("surveys.list_call_tasks").rows()
        assert "Ingen att ringa" in coordinator_at("2026-11-11T10:00").page("surveys.list_call_tasks").text

    @pytest.mark.parametrize(
        ("state", "mail", "is_rung"),
        [
            (RoundState.OPEN, MessageState.SENT, False),
            (RoundState.CANCELLED, MessageState.SENT, True),
            (RoundState.OPEN, MessageState.DEAD, True),
        ],
        ids=["it has asked", "it was cancelled", "its mail came back"],
    )
    def test_the_next_wave_takes_over_from_a_closed_round(
        self, coordinator_at, silent, survey_round, session, *, state, mail, is_rung
    ):
        survey_round.close(at=MOMENTS.closes_at)
        plan = session.get_one(SurveyPlan, survey_round.plan_id)
        opens_at = swedish("2026-09-16T08:00")
        days = {"opens_at": opens_at, "closes_at": opens_at + timedelta(days=20)}
        follow_up = surveys.make_round(
            session, plan, occurrence_key="follow-up", wave=1, opened_at=opens_at, state=state, **days
        )
        unit = session.get_one(SchoolUnit, silent.school_unit_id)
        due = {"due_at": opens_at + timedelta(days=7), "invited_at": opens_at}
        asked = surveys.make_invitation(session, follow_up, unit, **days, **due)
        session.add(surveys.make_message(asked, invitation_key(asked.id), mail))
        session.commit()
        page = coordinator_at("2026-09-17T10:00").page("surveys.list_call_tasks")
        assert ("Ingen att ringa" not in page.text) is is_rung

    def test_an_answer_takes_the_call_away(self, coordinator_at, silent, session):
        silent.submitted_at, silent.state = swedish("2026-09-02T09:00"), InvitationState.SUBMITTED
        session.commit()
        assert "Ingen att ringa" in coordinator_at("2026-09-02T10:00").page("surveys.list_call_tasks").text

    def test_what_was_said_is_sealed_and_shown_with_who_wrote_it(self, coordinator, invitation_of, session, account):
        invitation = invitation_of("Tysta skolan")
        coordinator.submit(
            coordinator.page("surveys.add_phone_note", invitation_id=invitation.id),
            {"reached": "ja", "text": "Rektorn svarar i dag."},
        )
        page = coordinator.page("surveys.show_invitation", invitation_id=invitation.id)
        assert "Rektorn svarar i dag. Samtal, skrivet av" in page.text
        stored = session.scalars(select(PhoneNote.text_sealed)).one()
        assert b"Rektorn" not in stored

    def test_a_note_says_something(self, coordinator, invitation_of):
        page = coordinator.page("surveys.add_phone_note", invitation_id=invitation_of("Tysta skolan").id)
        assert len(coordinator.submit(page, status=422).errors) == 2


class TestExtend:
    def extend(self, browser, invitation, day="4 9 2026", reason=REASON, status=200):
        page = browser.page("surveys.extend_invitation", invitation_id=invitation.id)
        parts = dict(zip(("due_on-day", "due_on-month", "due_on-year"), day.split(), strict=True))
        return browser.submit(page, {**parts, "reason": reason}, status=status)

    def test_the_unit_gets_another_day_and_its_steps_move(self, coordinator, invitation_of, session):
        after = self.extend(coordinator, invitation_of("Tysta skolan"))
        assert "Skolan har fått en ny sista svarsdag." in after.text
        assert f"Förlängd, eftersom: {REASON}" in after.text
        invitation = invitation_of("Tysta skolan")
        assert invitation.due_at == swedish("2026-09-04T16:00")
        assert invitation.next_at == swedish("2026-08-31T08:00"), "the reminder moved five school days"
        assert invitation.closes_at == swedish("2026-09-18T16:00")
        other = invitation_of("Begynta skolan")
        assert (other.due_at, other.schedule_id) != (invitation.due_at, invitation.schedule_id)
        assert other.next_at == swedish("2026-08-24T08:00")
        assert recorded(session)["survey:extended"] == 1

    def test_after_the_last_day_everything_starts_over(self, coordinator_at, invitation_of, session, database):
        invitation = invitation_of("Tysta skolan")
        invitation.next_step, invitation.next_at = 3, None
        session.commit()
        self.extend(coordinator_at("2026-09-03T10:00"), invitation, day="11 9 2026")
        invitation = invitation_of("Tysta skolan")
        assert invitation.next_at == swedish("2026-09-11T08:00")
        assert invitation.next_step == 3

    @pytest.mark.parametrize(
        ("day", "message"),
        [
            ("28 8 2026", "Välj en dag som kommer efter den nuvarande sista svarsdagen"),
            ("5 9 2026", "Skolan har ingen skoldag den dagen."),
            ("19 8 2026", "Dagen har redan varit"),
        ],
    )
    def test_some_days_cannot_be(self, coordinator, invitation_of, day, message):
        again = self.extend(coordinator, invitation_of("Tysta skolan"), day=day, status=422)
        assert any(error.startswith(message) for error in again.errors), again.errors

    def test_a_reason_is_asked_for(self, coordinator, invitation_of):
        again = self.extend(coordinator, invitation_of("Tysta skolan"), reason="", status=422)
        assert again.errors == ["Skriv varför"]

    def test_who_has_answered_needs_no_more_time(self, coordinator, invitation_of):
        again = self.extend(coordinator, invitation_of("Svarande skolan"), status=422)
        assert "Skolan har redan svarat. Då behövs ingen ny dag." in again.errors

    def test_two_who_extend_at_once_meet(self, coordinator, invitation_of):
        invitation = invitation_of("Tysta skolan")
        page = coordinator.page("surveys.extend_invitation", invitation_id=invitation.id)
        self.extend(coordinator, invitation)
        values = {"due_on-day": 8, "due_on-month": 9, "due_on-year": 2026, "reason": REASON}
        coordinator.submit(page, values, status=409)
        assert invitation_of("Tysta skolan").due_at == swedish("2026-09-04T16:00")

    def test_a_closed_round_opens_for_that_unit_alone(self, coordinator_at, invitation_of, survey_round, session):
        survey_round.close(at=MOMENTS.closes_at)
        session.commit()
        self.extend(coordinator_at("2026-09-14T10:00"), invitation_of("Tysta skolan"), day="18 9 2026")
        session.refresh(survey_round)
        assert survey_round.state is RoundState.OPEN
        session.commit()
        at = swedish("2026-09-15T10:00")
        assert [invitation_of(name).closes_at > at for name in ("Tysta skolan", "Begynta skolan")] == [True, False]


class TestStopping:
    def test_a_cancelled_round_asks_and_reminds_nobody(self, coordinator, survey_round, session, invitation_of, play):
        page = coordinator.page("surveys.cancel_round", round_id=survey_round.id)
        after = coordinator.submit(page, {"reason": "Dubblett."})
        assert "Kartläggningen är inställd Dubblett." in after.text
        play("2026-08-24T10:00")
        assert session.query(Reminder).count() == 0
        session.commit()
        assert invitation_of("Sena skolan").invited_at is None
        assert recorded(session)["survey:cancelled"] == 1

    def test_a_school_sees_that_it_is_called_off(self, coordinator, survey_round, session, invitation_of, sign_in):
        coordinator.submit(coordinator.page("surveys.cancel_round", round_id=survey_round.id), {"reason": "Fel."})
        invitation = invitation_of("Tysta skolan")
        unit = session.get_one(SchoolUnit, invitation.school_unit_id)
        school = make_account(session, session.get_one(Municipality, unit.municipality_id), Role.RESPONDENT, unit)
        session.commit()
        browser = sign_in(school)
        page = browser.page("responses.show_response", invitation_id=invitation.id)
        assert page.h1 == "Kartläggningen är inställd"
        assert "Inställd" in browser.page("responses.list_tasks").text

    def test_a_cancelled_round_is_taken_back(self, coordinator, survey_round, session, invitation_of):
        coordinator.submit(coordinator.page("surveys.cancel_round", round_id=survey_round.id), {"reason": "Fel."})
        coordinator.submit(coordinator.page("surveys.restore_round", round_id=survey_round.id), {"reason": "Rätt."})
        session.refresh(survey_round)
        assert survey_round.state is RoundState.OPEN
        session.commit()
        assert invitation_of("Tysta skolan").next_at == swedish("2026-08-24T08:00")
        assert invitation_of("Svarande skolan").next_at is None

    def test_a_round_is_closed_early_when_all_have_had_their_time(self, coordinator_at, survey_round, session):
        early = coordinator_at("2026-08-27T10:00")
        page = early.page("surveys.close_round", round_id=survey_round.id)
        early.submit(page, {"reason": "Klart."}, status=422)
        late = coordinator_at("2026-09-01T10:00")
        page = late.page("surveys.close_round", round_id=survey_round.id)
        assert "Begynta skolan, Ifyllda skolan, Sena skolan, Tysta skolan." in page.text
        assert "Svarande skolan" not in page.text
        after = late.submit(page, {"reason": "Klart."})
        assert "Inget svar från 4 skolor." in after.text
        session.refresh(survey_round)
        assert survey_round.state is RoundState.CLOSED

    def test_a_closed_round_is_opened_again_and_says_nothing_by_itself(
        self, coordinator_at, survey_round, session, invitation_of, play
    ):
        survey_round.close(at=MOMENTS.closes_at)
        invitation_of("Sena skolan").invited_at = MOMENTS.opens_at
        session.commit()
        browser = coordinator_at("2026-09-14T10:00")
        page = browser.page("surveys.reopen_round", round_id=survey_round.id)
        values = {"close_on-day": 16, "close_on-month": 9, "close_on-year": 2026, "reason": "Fyra skolor är tysta."}
        browser.submit(page, values)
        invitation = invitation_of("Tysta skolan")
        assert (invitation.closes_at, invitation.next_at) == (swedish("2026-09-16T16:00"), None)
        days = browser.page("surveys.change_round_days", round_id=survey_round.id)
        browser.submit(days, {"close": 15}, status=422)
        assert invitation_of("Tysta skolan").closes_at == swedish("2026-09-16T16:00"), "no change closes it at once"
        play("2026-09-16T16:01")
        session.refresh(survey_round)
        assert survey_round.state is RoundState.CLOSED
        assert session.query(Reminder).count() == 0
        session.commit()

    @pytest.mark.parametrize("view", ["cancel_round", "close_round"])
    def test_a_reason_is_asked_for(self, coordinator, survey_round, view):
        page = coordinator.page(f"surveys.{view}", round_id=survey_round.id)
        assert coordinator.submit(page, status=422).errors == ["Skriv varför"]

    def test_two_who_cancel_at_once_meet(self, coordinator, survey_round, session):
        pages = [coordinator.page("surveys.cancel_round", round_id=survey_round.id) for _ in range(2)]
        coordinator.submit(pages[0], {"reason": "Fel."})
        coordinator.submit(pages[1], {"reason": "Fel."}, status=409)
        assert recorded(session)["survey:cancelled"] == 1

    def test_what_cannot_be_is_refused(self, coordinator, survey_round):
        for view, values in (
            ("restore_round", {"reason": "Rätt."}),
            ("reopen_round", {"close_on-day": 16, "close_on-month": 9, "close_on-year": 2026, "reason": "Rätt."}),
        ):
            page = coordinator.page(f"surveys.{view}", round_id=survey_round.id)
            coordinator.submit(page, values, status=409)


class TestChangeDays:
    def test_what_has_happened_stands(self, coordinator_at, survey_round, session, invitation_of):
        late = invitation_of("Sena skolan")
        late.invited_at = MOMENTS.opens_at
        for name in ("Tysta skolan", "Begynta skolan", "Ifyllda skolan", "Sena skolan"):
            invitation = invitation_of(name)
            invitation.next_step, invitation.next_at = 1, swedish("2026-09-01T08:00")
        session.commit()
        browser = coordinator_at("2026-08-25T10:00")
        page = browser.page("surveys.change_round_days", round_id=survey_round.id)
        browser.submit(page, {"remind_1": 6, "due": 9, "escalate": 11, "call": 13, "close": 20})
        invitation = invitation_of("Tysta skolan")
        assert invitation.due_at == swedish("2026-09-01T16:00")
        assert invitation.next_at == swedish("2026-09-03T08:00"), "it has been reminded, so the next is the escalation"
        assert recorded(session)["survey:round_changed"] == 1


def test_somebody_else_s_municipality_finds_nothing(session, survey_round, invitation_of, sign_in):
    account = make_account(session, schools.make_municipality(session), Role.COORDINATOR)
    invitation = invitation_of("Tysta skolan")
    session.commit()
    stranger = sign_in(account)
    for view in ("remind_units", "cancel_round", "close_round", "reopen_round", "restore_round"):
        for wanted in (survey_round.id, uuid4()):
            stranger.page(f"surveys.{view}", 404, round_id=wanted)
    for view in ("show_invitation", "add_phone_note", "extend_invitation"):
        stranger.page(f"surveys.{view}", 404, invitation_id=invitation.id)


@pytest.mark.parametrize("role", [Role.RESPONDENT, Role.DIRECTOR, Role.ADMINISTRATOR])
def test_only_the_coordinator_acts(session, municipality, survey_round, sign_in, role):
    account = make_account(session, municipality, role)
    session.commit()
    browser = sign_in(account)
    for view in ("remind_units", "cancel_round", "close_round"):
        browser.page(f"surveys.{view}", 403, round_id=survey_round.id)
