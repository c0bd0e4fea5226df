"""Planning ahead: waves and letters of a plan, and the dry run of a round before anything is confirmed."""

from collections import Counter
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access.actor import Actor, Role
from app.audit.models import AuditRow
from app.kernel import clock
from app.schools.models import Municipality, SchoolUnit
from app.surveys import jobs, queries
from app.surveys.models import Invitation, Reminder, SurveyPlan, SurveyRound
from app.surveys.service.drafting import redraft
from app.surveys.types import MessageKind, PlanKind, RoundState, WaveDays
from tests.factories import schools, surveys
from tests.factories.accounts import make_account
from tests.factories.surveys import DAYS
from tests.integration.surveys.town import swedish

HEAD = {"head_name": "Lena Borg", "head_email": "lena.borg@alvhaga.example", "head_phone": "08-465 004 90"}
FOLLOW_UP = WaveDays(open=20, reminders=(22,), due=24, escalate=25, call=26, close=30)


@pytest.fixture
def municipality(session, set_clock):
    set_clock(swedish("2026-08-10T09:00"))
    return schools.make_municipality(session)


@pytest.fixture
def plan(session, municipality):
    organiser = schools.make_organiser(session, municipality, name="Kommunen")
    schools.make_school_year(session, organiser)
    for name, known in (("Åskolan", HEAD), ("Byskolan", {})):
        schools.make_unit(session, municipality, organiser_id=organiser.id, name=name, **known)
    made = surveys.make_plan(session, municipality)
    redraft(session, municipality.id)
    session.commit()
    return made


@pytest.fixture
def draft(session, plan):
    found = session.scalars(select(SurveyRound).where(SurveyRound.plan_id == plan.id, SurveyRound.wave == 0)).one()
    session.commit()
    return found


@pytest.fixture
def planner(session, municipality, plan, sign_in):
    account = make_account(session, municipality, Role.COORDINATOR)
    session.commit()
    return sign_in(account)


def read_anew(session, row) -> None:
    """Read a row as it is now, and hold no lock on the database while pages are asked for."""
    session.refresh(row)
    session.commit()


def actions(session) -> Counter:
    return Counter(session.scalars(select(AuditRow.action)))


class TestPlans:
    def test_the_plan_and_what_is_coming(self, planner, draft):
        page = planner.page("surveys.show_plans")
        (row,) = page.rows("Kommande kartläggningar")
        assert row["Kartläggning"] == "Kartläggning efter sommarlovet 2026 HT 2026"
        assert row["Läge"] == "Att bekräfta öppnar ändå"
        (wave,) = page.rows("Kartläggning efter sommarlovet")
        assert (wave["Utskick"], wave["Påminner"], wave["Sista svarsdag"]) == ("Första utskicket", "dag 3", "dag 7")
        assert "En kartläggning som ingen har bekräftat öppnar ändå." in page.text

    def test_a_plan_is_turned_off(self, planner, plan, session):
        page = planner.page("surveys.edit_plan", plan_id=plan.id)
        assert "Planen är sparad." in planner.submit(page, {"is_active": []}).text
        read_anew(session, plan)
        assert not plan.is_active

    def test_how_long_before_a_break_is_asked_only_there(self, planner, session, municipality, plan):
        before = surveys.make_plan(session, municipality, PlanKind.BEFORE_SUMMER, lead_days=15)
        session.commit()
        assert "lead_days" not in planner.page("surveys.edit_plan", plan_id=plan.id).form().names
        page = planner.page("surveys.edit_plan", plan_id=before.id)
        assert "Skriv 5 eller mer" in planner.submit(page, {"lead_days": 4}, status=422).errors
        planner.submit(page, {"lead_days": 20})
        read_anew(session, before)
        assert before.lead_days == 20

    def test_the_days_of_a_wave_reach_the_rounds_that_have_not_opened(self, planner, plan, draft, session, set_clock):
        set_clock(swedish("2026-08-10T09:01"))
        page = planner.page("surveys.edit_wave", plan_id=plan.id, number=0)
        planner.submit(page, {"remind_2": 6, "due": 8, "escalate": 10, "call": 12})
        read_anew(session, draft)
        assert draft.days == WaveDays(open=0, reminders=(3, 6), due=8, escalate=10, call=12, close=17)

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"remind_1": 8}, "Påminnelsen ska gå senast sista svarsdag"),
            ({"open": 3}, "Första påminnelsen ska gå efter att kartläggningen har öppnat"),
            ({"remind_3": 6}, "Fyll i andra påminnelsen före den tredje"),
            ({"remind_2": 3}, "Andra påminnelsen ska gå efter den första"),
            ({"escalate": 7}, "Mejlet till nästa chef ska gå efter sista svarsdag"),
            ({"call": 9}, "Samordnaren ska ringa efter mejlet till nästa chef"),
            ({"close": 10}, "Kartläggningen ska stänga efter den dag då samordnaren ringer"),
            ({"due": ""}, "Skriv sista svarsdag"),
            ({"due": "sju"}, "Skriv ett heltal med siffror, till exempel 12"),
            ({"close": 61}, "Talet är för stort. Skriv högst 60."),
            ({"close": "9" * 100_000}, "Talet är för stort. Skriv högst 60."),
            ({"open": "-1"}, "Skriv 0 eller mer"),
            ({"due": "=7+1"}, "Skriv ett heltal med siffror, till exempel 12"),
        ],
    )
    def test_days_that_cannot_be_are_refused_with_what_was_typed(self, planner, plan, values, message):
        page = planner.page("surveys.edit_wave", plan_id=plan.id, number=0)
        again = planner.submit(page, values, status=422)
        assert message in again.errors
        ((name, typed),) = values.items()
        assert again.form().filled({})[name] == str(typed)

    def test_somebody_else_s_change_is_not_written_over(self, planner, plan, municipality, session):
        page = planner.page("surveys.edit_wave", plan_id=plan.id, number=0)
        planner.submit(planner.page("surveys.edit_wave", plan_id=plan.id, number=0), {"close": 20})
        again = planner.submit(page, {"close": 25}, status=409)
        assert any("Någon annan har ändrat" in error for error in again.errors)
        read_anew(session, plan.waves[0])
        assert plan.waves[0].days.close == 20

    def test_a_follow_up_is_added_and_taken_away(self, planner, plan, session):
        page = planner.page("surveys.add_wave", plan_id=plan.id)
        assert page.form().filled({})["open"] == "22"
        planner.submit(page)
        rounds = session.scalars(select(SurveyRound.title).order_by(SurveyRound.wave)).all()
        session.commit()
        assert rounds[-1] == "Kartläggning efter sommarlovet 2026, uppföljning 1"
        page = planner.page("surveys.edit_wave", plan_id=plan.id, number=1)
        planner.submit(planner.visit(page.link("Ta bort uppföljningen")))
        session.expire_all()
        assert len(session.get_one(SurveyPlan, plan.id).waves) == 1

    def test_a_follow_up_does_not_come_before_what_it_follows(self, planner, plan):
        page = planner.page("surveys.add_wave", plan_id=plan.id)
        days = dict(zip(("open", "remind_1", "due", "escalate", "call", "close"), (0, 1, 2, 3, 4, 5), strict=True))
        again = planner.submit(page, days, status=422)
        assert "Uppföljningen ska öppna efter det förra utskicket." in again.errors

    def test_what_is_not_there_is_not_found(self, planner, plan, session, sign_in):
        planner.page("surveys.edit_wave", 404, plan_id=plan.id, number=3)
        account = make_account(session, schools.make_municipality(session), Role.COORDINATOR)
        session.commit()
        stranger = sign_in(account)
        for view in ("edit_plan", "edit_plan_letter", "add_wave"):
            stranger.page(f"surveys.{view}", 404, plan_id=plan.id)
        stranger.page("surveys.edit_wave", 404, plan_id=plan.id, number=0)


class TestLetter:
    def test_the_shipped_example_stands_there_until_somebody_writes(self, planner, plan, session):
        page = planner.page("surveys.edit_plan_letter", plan_id=plan.id)
        assert "Till dig som är rektor" in page.form().filled({})["letter"]
        assert "Så läser Byskolan brevet" in page.text
        assert "gå igenom vilka elever i Byskolan" in page.text
        planner.submit(page, {"letter": "Hej [skolenheten]! Svara senast [sista svarsdag]."}, button="Spara brevet")
        read_anew(session, plan)
        assert plan.letter == "Hej [skolenheten]! Svara senast [sista svarsdag]."

    def test_what_is_typed_is_shown_filled_in_and_not_saved(self, planner, plan, session):
        page = planner.page("surveys.edit_plan_letter", plan_id=plan.id)
        shown = planner.submit(page, {"letter": "Hej [skolenheten]!"}, button="Visa hur det blir")
        assert "Hej Byskolan!" in shown.text
        assert shown.form().filled({})["letter"] == "Hej [skolenheten]!"
        read_anew(session, plan)
        assert plan.letter is None

    def test_what_cannot_be_filled_in_is_refused(self, planner, plan):
        page = planner.page("surveys.edit_plan_letter", plan_id=plan.id)
        again = planner.submit(page, {"letter": "Hej [rektorn]!"}, button="Spara brevet", status=422)
        assert again.errors[0].startswith("[rektorn] kan inte bytas ut.")

    def test_the_example_is_taken_back(self, planner, plan, session):
        plan.letter = "Eget brev"
        session.commit()
        page = planner.page("surveys.edit_plan_letter", plan_id=plan.id)
        planner.submit(page, button="Använd exemplet igen")
        read_anew(session, plan)
        assert plan.letter is None

    def test_one_round_has_a_letter_of_its_own(self, planner, draft, session):
        page = planner.page("surveys.edit_round_letter", round_id=draft.id)
        planner.submit(page, {"letter": "Bara i år."}, button="Spara brevet")
        read_anew(session, draft)
        assert draft.letter == "Bara i år."


class TestDryRun:
    def test_every_message_with_receiver_and_time(self, planner, draft):
        page = planner.page("surveys.show_dry_run", round_id=draft.id)
        assert "5 mejl och 2 samtal för 2 skolor" in page.text
        assert "1 skola har ingen nästa chef inlagd Byskolan. Där ringer samordnaren direkt" in page.text
        lines = [
            (row["När"].split(" ons")[0][:16], row["Vad"], row["Skola"]) for row in page.rows("Varje mejl och samtal")
        ]
        assert lines[:4] == [
            ("2026-08-19 08.00", "Inbjudan med brevet", "Byskolan"),
            ("2026-08-19 08.00", "Inbjudan med brevet", "Åskolan"),
            ("2026-08-24 08.00", "Påminnelse 1", "Byskolan"),
            ("2026-08-24 08.00", "Påminnelse 1", "Åskolan"),
        ]
        assert ("2026-09-01 08.00", "Mejl till nästa chef", "Åskolan") in lines
        assert ("2026-09-01 08.00", "Samordnaren ringer", "Byskolan") in lines, "nobody to tell but the coordinator"
        assert lines[-1] == ("2026-09-11 16.00", "Besked om skolor som inte har svarat", "Alla")
        (told,) = [row for row in page.rows("Varje mejl och samtal") if row["Vad"] == "Mejl till nästa chef"]
        assert told["Till"] == "Nästa chef, Lena Borg lena.borg@alvhaga.example"

    def test_a_moment_and_kind_is_one_row_whatever_stands_between(self, session, planner, draft, plan):
        """Schools of another calendar get their second reminder when those of the first get their first."""
        municipality = session.get_one(Municipality, plan.municipality_id)
        later = schools.make_organiser(session, municipality, name="Andra")
        schools.make_school_year(session, later, autumn=date(2026, 8, 20))
        for name in ("Aspskolan", "Mittskolan", "Ödeskolan"):
            schools.make_unit(session, municipality, organiser_id=later.id, name=name)
        draft.days = WaveDays(open=0, reminders=(3, 4), due=7, escalate=9, call=10, close=17)
        session.commit()
        rows = planner.page("surveys.show_dry_run", round_id=draft.id).rows("Mejl och samtal dag för dag")
        kinds = [(row["När"], row["Vad"].rstrip(" 12och")) for row in rows]
        assert len(kinds) == len(set(kinds))
        (mixed,) = [row for row in rows if row["Vad"] == "Påminnelse 1 och 2"]
        assert mixed["Skolor"] == "5"

    def test_a_cancelled_round_says_that_and_the_way_back(self, planner, draft):
        planner.submit(planner.page("surveys.cancel_round", round_id=draft.id), {"reason": "Dubblett."})
        page = planner.page("surveys.show_dry_run", round_id=draft.id)
        assert "Inställd Dubblett." in page.text
        assert "Kalendern säger inte" not in page.text
        assert not page.soup.select("main table, main form")
        assert page.link("Ta tillbaka kartläggningen")
        (row,) = planner.page("surveys.show_plans").rows("Kommande kartläggningar")
        assert row["Läge"] == "Inställd"

    def test_messages_are_found_by_school_and_kind(self, planner, draft):
        page = planner.visit(f"/planera/kartlaggningar/{draft.id}?skola=by&vad=reminder")
        assert [(row["Vad"], row["Skola"]) for row in page.rows("Varje mejl och samtal")] == [
            ("Påminnelse 1", "Byskolan")
        ]

    def test_it_is_confirmed_and_opens_either_way(self, planner, draft, session):
        page = planner.page("surveys.show_dry_run", round_id=draft.id)
        assert "Ingen har bekräftat den ännu Den öppnar ändå onsdag 19 augusti 2026" in page.text
        after = planner.submit(page, button="Bekräfta kartläggningen")
        assert "Kartläggningen är bekräftad." in after.text
        read_anew(session, draft)
        assert draft.confirmed_at is not None
        assert draft.state is RoundState.PLANNED
        assert actions(session)["survey:confirmed"] == 1

    def test_other_days_are_confirmed_anew(self, planner, draft, session):
        planner.submit(planner.page("surveys.show_dry_run", round_id=draft.id), button="Bekräfta kartläggningen")
        page = planner.page("surveys.change_round_days", round_id=draft.id)
        planner.submit(page, {"open": 1})
        read_anew(session, draft)
        assert draft.opens_at == swedish("2026-08-20T08:00")
        assert draft.confirmed_at is None

    def test_the_confirmed_version_is_the_one_that_was_seen(self, planner, draft, session):
        page = planner.page("surveys.show_dry_run", round_id=draft.id)
        planner.submit(planner.page("surveys.change_round_days", round_id=draft.id), {"close": 20})
        planner.submit(page, button="Bekräfta kartläggningen", status=409)
        read_anew(session, draft)
        assert draft.confirmed_at is None

    def test_last_year_is_copied(self, planner, plan, draft, session):
        last = surveys.make_round(
            session, plan, 2025, days=FOLLOW_UP.from_opening, letter="Som i fjol.", state=RoundState.CANCELLED
        )
        session.commit()
        dry_run = planner.page("surveys.show_dry_run", round_id=draft.id)
        page = planner.visit(dry_run.link("Kopiera förra årets dagar och brev"))
        assert last.title in page.text
        planner.submit(page)
        read_anew(session, draft)
        assert (draft.days, draft.letter) == (FOLLOW_UP.from_opening, "Som i fjol.")

    def test_without_a_last_year_there_is_nothing_to_copy(self, planner, draft):
        page = planner.page("surveys.copy_last_year", round_id=draft.id)
        assert "Det finns ingen kartläggning från förra året att kopiera." in page.text
        dry_run = planner.page("surveys.show_dry_run", round_id=draft.id)
        assert "Kopiera förra årets dagar och brev" not in dry_run.text

    def test_another_municipality_s_round_is_not_there(self, session, draft, sign_in):
        account = make_account(session, schools.make_municipality(session), Role.COORDINATOR)
        session.commit()
        stranger = sign_in(account)
        for view in ("show_dry_run", "copy_last_year", "change_round_days", "edit_round_letter"):
            for wanted in (draft.id, uuid4()):
                stranger.page(f"surveys.{view}", 404, round_id=wanted)


@pytest.mark.parametrize("role", [Role.STAFF, Role.RESPONDENT, Role.DIRECTOR, Role.AUDITOR])
def test_the_plan_is_the_planners(session, municipality, draft, sign_in, role):
    account = make_account(session, municipality, role)
    session.commit()
    browser = sign_in(account)
    browser.page("surveys.show_plans", 403)
    browser.page("surveys.show_dry_run", 403, round_id=draft.id)


def test_days_that_have_gone_by_are_refused(session, municipality, draft, sign_in, set_clock):
    draft.days, draft.opens_at = DAYS.later(3), swedish("2026-08-24T08:00")
    account = make_account(session, municipality, Role.COORDINATOR)
    session.commit()
    set_clock(swedish("2026-08-20T09:00"))
    browser = sign_in(account)
    page = browser.page("surveys.change_round_days", round_id=draft.id)
    again = browser.submit(page, {"open": 0}, status=422)
    assert "Det du vill ändra till har redan varit." in again.errors[0]
    read_anew(session, draft)
    assert draft.days == DAYS.later(3)


def test_a_round_that_nobody_answers_does_what_its_dry_run_said(session, municipality, draft, database, set_clock):
    actor = Actor(None, municipality.id, Role.COORDINATOR)
    found = queries.get_draft(session, draft.id, visible_to=actor)
    said = [
        (each.kind, each.unit.name, each.at)
        for each in queries.list_planned_messages(session, found, clock.now())
        if each.unit is not None
    ]
    session.commit()
    for at in sorted({at for _, _, at in said}):
        set_clock(at)
        for job in jobs.JOBS:
            job.run(database)
    names = dict(session.execute(select(Invitation.id, SchoolUnit.name).join(Invitation.school_unit)).all())
    invited = session.execute(select(Invitation.id, Invitation.invited_at))
    done = [(MessageKind.INVITATION, names[each], at) for each, at in invited]
    taken = session.execute(select(Reminder.step, Reminder.invitation_id, Reminder.queued_at))
    done += [(MessageKind(step.value), names[each], at) for step, each, at in taken]
    assert sorted(done) == sorted(said)
