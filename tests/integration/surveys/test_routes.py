"""The coordinator's pages: every figure opens exactly the rows it counts."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.access.actor import Role
from app.outbox.types import MessageState
from app.surveys import queries
from app.surveys.models import Reminder
from app.surveys.types import InvitationState, PlanKind, ReminderKind, StepKind, WaveDays
from tests.factories import schools, surveys
from tests.factories.accounts import make_account
from tests.factories.surveys import MOMENTS, REMINDED_AT
from tests.pages import all_of

OTHER_DAYS = WaveDays(1, (2,), 3, 4, 5, 6)
PARTS = {"Alla", "Har svarat", "Påbörjat", "Ifyllt, inte inskickat", "Inte påbörjat", "Inget svar"}
ANSWERS = {
    "Öskolan": {"state": InvitationState.SUBMITTED, "missing_count": 3, "protected_count": 1},
    "Åskolan": {"state": InvitationState.SUBMITTED, "is_nil": True},
    "Ängsskolan": {"state": InvitationState.STARTED, "missing_count": 9},
    "Zinkskolan": {"state": InvitationState.COMPLETED},
    "Byskolan": {},
    "Sena skolan": {"invited_at": None, "opens_at": MOMENTS.opens_at + timedelta(days=2)},
}


@pytest.fixture
def survey_round(session, municipality):
    made = surveys.make_round(session, surveys.make_plan(session, municipality))
    for name, values in ANSWERS.items():
        given = dict(values)
        if given.get("state") is InvitationState.SUBMITTED:
            given["submitted_at"] = given["last_activity_at"] = MOMENTS.opens_at
        surveys.make_invitation(session, made, schools.make_unit(session, municipality, name=name), **given)
    return made


def names(page) -> list[str]:
    return [row["Skola"].split(" F–9")[0] for row in page.rows()]


class TestShowRound:
    def test_the_figures_and_the_rows(self, coordinator, survey_round):
        page = coordinator.page("surveys.show_round", round_id=survey_round.id)
        assert page.h1 == "Kartläggning efter sommarlovet 2026"
        assert "2 av 6 skolor har svarat." in page.text
        assert "3 elever är rapporterade som saknade" in page.text
        assert "varav 1 med skyddade personuppgifter som räknas utan namn." in page.text
        assert names(page) == ["Zinkskolan", "Ängsskolan", "Byskolan", "Sena skolan", "Åskolan", "Öskolan"]
        states = all_of(page.rows(), "Läge")
        assert [state.split(" senast")[0].split(" öppnar")[0] for state in states] == [
            "Ifylld, inte inskickad",
            "Pågår",
            "Inte påbörjad",
            "Kan inte börja ännu",
            "Nollsvar",
            "Inskickad",
        ]

    @pytest.mark.parametrize(
        ("figure", "expected"),
        [
            ("Alla 6", ["Zinkskolan", "Ängsskolan", "Byskolan", "Sena skolan", "Åskolan", "Öskolan"]),
            ("Har svarat 2", ["Åskolan", "Öskolan"]),
            ("Nollsvar 1", ["Åskolan"]),
            ("Påbörjat 1", ["Ängsskolan"]),
            ("Ifyllt, inte inskickat 1", ["Zinkskolan"]),
            ("Inte påbörjat 2", ["Byskolan", "Sena skolan"]),
            ("Inget svar 0", []),
            ("3 elever", ["Öskolan"]),
            ("1 med skyddade personuppgifter", ["Öskolan"]),
        ],
    )
    def test_every_number_opens_the_rows_it_counts(self, coordinator, survey_round, figure, expected):
        page = coordinator.page("surveys.show_round", round_id=survey_round.id)
        opened = coordinator.visit(page.link(figure))
        assert (names(opened) if expected else opened.text.count("Ingen skola här.")) == (expected or 1)

    def test_the_parts_add_up_to_the_whole_at_every_hour(self, coordinator_at, survey_round):
        for at in ("2026-08-19T08:00", "2026-08-28T15:59", "2026-08-28T16:00", "2026-10-01T08:00"):
            page = coordinator_at(at).page("surveys.show_round", round_id=survey_round.id)
            figures = {
                text.rsplit(" ", 1)[0]: int(text.rsplit(" ", 1)[1])
                for text in page.links
                if text[-1].isdigit() and text.rsplit(" ", 1)[0] in PARTS
            }
            begun = figures["Påbörjat"], figures["Ifyllt, inte inskickat"]
            assert begun == (1, 1), "a draft is told also when the last day has passed"
            twice = sum(begun) if figures["Inget svar"] else 0
            assert figures.pop("Alla") == sum(figures.values()) - twice == 6

    @pytest.mark.parametrize(("word", "name"), [("paborjat", "Ängsskolan"), ("ifyllt", "Zinkskolan")])
    def test_after_the_last_day_what_was_not_sent_is_counted_both_as_begun_and_as_no_answer(
        self, coordinator_at, survey_round, word, name
    ):
        browser = coordinator_at("2026-08-28T16:00")
        page = browser.visit(f"/kartlaggningar/{survey_round.id}?visa={word}")
        assert names(page) == [name]
        assert name in names(browser.visit(f"/kartlaggningar/{survey_round.id}?visa=inget-svar"))
        assert "2 av dem har påbörjat eller fyllt i utan att skicka in" in page.text

    def test_after_the_last_day_those_without_an_answer_are_named_first(self, coordinator_at, survey_round):
        page = coordinator_at("2026-08-28T16:00").page("surveys.show_round", round_id=survey_round.id)
        assert "Inget svar från 4 skolor. Byskolan, Sena skolan, Zinkskolan, Ängsskolan." in page.text
        assert all_of(page.rows(), "Läge")[:4] == [
            "Inget svar sista dagen var 2026-08-28",
            "Inget svar sista dagen var 2026-08-28",
            "Inget svar ifyllt, inte inskickat",
            "Inget svar påbörjat, inte inskickat",
        ]

    def test_a_draft_is_not_counted_as_reported_pupils(self, coordinator, survey_round):
        page = coordinator.visit(f"/kartlaggningar/{survey_round.id}?visa=paborjat")
        assert all_of(page.rows(), "Saknas") == ["–"]

    def test_what_was_mailed_and_how_it_went(self, coordinator_at, survey_round, session):
        asked = next(i for i in queries.list_invitations(session, survey_round) if i.school_unit.name == "Byskolan")
        session.add(
            Reminder(
                municipality_id=asked.municipality_id,
                invitation_id=asked.id,
                number=1,
                kind=ReminderKind.SILENT,
                due_at=REMINDED_AT,
                queued_at=REMINDED_AT,
            )
        )
        session.add(surveys.make_message(asked, f"invitation:{asked.id}"))
        session.add(surveys.make_message(asked, f"reminder:{asked.id}:1", MessageState.DEAD))
        session.commit()
        coordinator = coordinator_at("2026-08-24T10:00")
        page = coordinator.page("surveys.show_round", round_id=survey_round.id)
        row = next(row for row in page.rows() if row["Skola"].startswith("Byskolan"))
        assert "Inbjudan skickad 2026-08-19" in row["Mejl"]
        assert "Påminnelse 1 kom inte fram 2026-08-24" in row["Mejl"]
        assert "Mejlet kom inte fram till 1 skola." in page.text
        assert names(coordinator.visit(page.link("Visa dem"))) == ["Byskolan"]

    def test_what_is_to_be_rung_about_already_is_no_step_to_come(self, coordinator_at, survey_round, session):
        """Without a next in the chain the coordinator is asked to phone a day earlier, and not once more."""
        asked = next(i for i in queries.list_invitations(session, survey_round) if i.school_unit.name == "Byskolan")
        _, escalation, call = MOMENTS.steps
        asked.next_step, asked.next_at = 1, escalation.at
        session.commit()
        path = f"/kartlaggningar/{survey_round.id}?skola=by"
        (row,) = coordinator_at("2026-08-31T10:00").visit(path).rows()
        assert row["Nästa steg"] == "Samordnaren ringer tis 1 sep 08.00"
        asked.next_step, asked.next_at = 2, call.at
        session.add(
            Reminder(
                municipality_id=asked.municipality_id,
                invitation_id=asked.id,
                number=1,
                step=StepKind.CALL,
                kind=ReminderKind.SILENT,
                due_at=escalation.at,
                queued_at=escalation.at,
            )
        )
        session.commit()
        page = coordinator_at("2026-09-01T10:00").visit(path)
        assert [row["Skola"].split()[0] for row in page.rows("Skolor att ringa")] == ["Byskolan"]
        (row,) = page.rows("Alla")
        assert row["Nästa steg"] == "Stänger fre 11 sep 16.00"

    def test_rows_are_found_by_name_and_organiser(self, coordinator, survey_round, session):
        page = coordinator.page("surveys.show_round", round_id=survey_round.id)
        organiser = page.soup.select("select[name=huvudman] option")[1]
        found = coordinator.visit(
            f"/kartlaggningar/{survey_round.id}?visa=alla&skola=SKOLAN&huvudman={organiser['value']}"
        )
        assert len(found.rows()) == 1
        assert names(coordinator.visit(f"/kartlaggningar/{survey_round.id}?skola=zink")) == ["Zinkskolan"]
        strange = coordinator.visit(
            f"/kartlaggningar/{survey_round.id}?huvudman=%00x&sida=99999999999&skola={'x' * 300}"
        )
        assert "Alla 6" in strange.text

    def test_what_is_new_since_the_last_answer(self, coordinator, survey_round, session):
        answered = next(i for i in queries.list_invitations(session, survey_round) if i.school_unit.name == "Öskolan")
        answered.back_count, answered.new_count = 2, 1
        session.commit()
        page = coordinator.visit(f"/kartlaggningar/{survey_round.id}?visa=elever")
        assert "sedan förra svaret: 2 tillbaka, 1 ny" in page.rows()[0]["Saknas"]
        assert "Sedan förra svaret: 2 tillbaka, 1 ny." in page.text
        assert names(coordinator.visit(page.link("2 tillbaka, 1 ny"))) == ["Öskolan"]

    def test_a_word_that_is_no_view_shows_all(self, coordinator, survey_round):
        page = coordinator.visit(f"/kartlaggningar/{survey_round.id}?visa=%22%3E%3Cscript%3E")
        assert len(page.rows()) == 6

    def test_it_costs_the_same_for_six_units_and_for_two_hundred(
        self, coordinator, municipality, survey_round, session, count_queries
    ):
        def cost() -> int:
            with count_queries() as asked:
                coordinator.page("surveys.show_round", round_id=survey_round.id)
            return len(asked)

        few = cost()
        for _ in range(194):
            surveys.make_invitation(session, survey_round, schools.make_unit(session, municipality))
        session.commit()
        assert cost() == few


@pytest.mark.parametrize("role", [Role.STAFF, Role.RESPONDENT, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_rounds_are_the_coordinator_s(session, municipality, survey_round, sign_in, role):
    account = make_account(session, municipality, role)
    session.commit()
    browser = sign_in(account)
    browser.page("surveys.list_rounds", 403)
    browser.page("surveys.show_round", 403, round_id=survey_round.id)


def test_another_municipality_s_round_and_plan_are_not_there(session, survey_round, sign_in):
    other = schools.make_municipality(session)
    account = make_account(session, other, Role.COORDINATOR)
    session.commit()
    browser = sign_in(account)
    for wanted in (survey_round.id, uuid4()):
        browser.page("surveys.show_round", 404, round_id=wanted)
    for wanted in (survey_round.plan_id, uuid4()):
        browser.page("surveys.edit_plan", 404, plan_id=wanted)
    assert "Kartläggning efter sommarlovet 2026" not in browser.page("surveys.list_rounds").text


class TestListRounds:
    def test_rounds_with_their_figures(self, coordinator):
        page = coordinator.page("surveys.list_rounds")
        (row,) = page.rows("Öppna och stängda kartläggningar")
        assert (row["Har svarat"], row["Nollsvar"], row["Elever som saknas"]) == ("2 av 6", "1", "3")
        assert row["Läge"] == "Öppen"

    def test_what_is_coming(self, coordinator, session, municipality):
        organiser = schools.make_organiser(session, municipality)
        schools.make_school_year(session, organiser)
        schools.make_unit(session, municipality, organiser_id=organiser.id)
        late = schools.make_organiser(session, municipality)
        schools.make_school_year(session, late, spring=date(2027, 1, 18))
        schools.make_unit(session, municipality, organiser_id=late.id)
        surveys.make_plan(session, municipality, PlanKind.AFTER_CHRISTMAS)
        surveys.draft(session, municipality)
        session.commit()
        (row,) = coordinator.page("surveys.list_rounds").rows("Kommande kartläggningar")
        assert row["Kartläggning"].startswith("Kartläggning efter jullovet 2027 VT 2027")
        assert row["Läge"] == "Planerad inte bekräftad, öppnar ändå"
        assert row["Öppnar"] == "måndag 11 januari 2027 kl. 08.00"
        assert row["Sista svarsdag"].endswith("sista skolan onsdag 27 januari 2027 kl. 16.00")

    def test_a_round_that_never_opened_is_told(self, coordinator_at, session, municipality):
        organiser = schools.make_organiser(session, municipality)
        schools.make_school_year(session, organiser)
        schools.make_unit(session, municipality, organiser_id=organiser.id)
        surveys.make_plan(session, municipality, PlanKind.AFTER_CHRISTMAS)
        surveys.draft(session, municipality)
        session.commit()
        early = coordinator_at("2027-01-20T08:00").page("surveys.list_rounds")
        assert "öppnades aldrig" not in early.text
        late = coordinator_at("2027-03-20T08:00").page("surveys.list_rounds")
        assert "Kartläggning efter jullovet 2027 öppnades aldrig." in late.text


def test_without_rounds_and_dates_the_page_says_what_is_needed(session, municipality, sign_in):
    account = make_account(session, municipality, Role.COORDINATOR)
    session.commit()
    browser = sign_in(account)
    assert "Ingen kartläggning är på väg" in browser.page("surveys.list_rounds").text
    assert "Ingen kartläggning är på väg" in browser.page("surveys.show_plans").text
