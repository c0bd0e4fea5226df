"""Who answers for a school: delegation until a day, acting principals, personal invitations, and what ends."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts import mails
from app.accounts.models import Account, AccountInvitation, Membership
from app.accounts.types import INVITATION_LASTS, Duty
from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import Database
from app.outbox.models import OutboxMessage
from app.schools.models import Municipality, SchoolUnit
from app.surveys.models import Invitation
from tests.factories import schools, surveys
from tests.factories.accounts import make_account

PASSWORD = "fyra-ord-utan-samband"
TODAY = date(2026, 8, 20)


@pytest.fixture(autouse=True)
def thursday(set_clock):
    set_clock(clock.at(TODAY, time(9)))


@pytest.fixture
def municipality(session):
    return schools.make_municipality(session)


@pytest.fixture
def unit(session, municipality):
    return schools.make_unit(session, municipality, name="Strandängsskolan")


@pytest.fixture
def invitation(session, municipality, unit):
    survey_round = surveys.make_round(session, surveys.make_plan(session, municipality))
    return surveys.make_invitation(session, survey_round, unit)


@pytest.fixture
def principal(session, municipality, unit):
    return make_account(session, municipality, Role.RESPONDENT, unit, name="Per Hallonqvist")


@pytest.fixture
def colleague(session, municipality, unit):
    return make_account(session, municipality, Role.STAFF, unit, name="Sara Öberg", title="kurator")


@pytest.fixture
def coordinator(session, municipality):
    return make_account(session, municipality, Role.COORDINATOR)


@dataclass
class Town:
    """A school with its principal and a colleague, asked in a round, and the coordinator."""

    session: Session
    database: Database
    sign_in: Any
    new_browser: Any
    municipality: Municipality
    unit: SchoolUnit
    invitation: Invitation
    principal: Account
    colleague: Account
    coordinator: Account


@pytest.fixture
def people(principal, colleague, coordinator):
    """Those who act."""
    return principal, colleague, coordinator


@pytest.fixture
def browsers(sign_in, new_browser):
    """How they come to their browsers."""
    return sign_in, new_browser


@pytest.fixture
def town(session, database, browsers, invitation, people):
    """Everybody and everything, not yet committed."""
    unit = invitation.school_unit
    municipality = session.get_one(Municipality, unit.municipality_id)
    return Town(session, database, *browsers, municipality, unit, invitation, *people)


def delegate(browser, unit, person, until=TODAY + timedelta(days=7), status=200, **values):
    page = browser.page("schools.delegate", school_unit_id=unit.id)
    days = {"ends_on-day": str(until.day), "ends_on-month": str(until.month), "ends_on-year": str(until.year)}
    return browser.submit(page, {"person": person, **days, **values}, status=status)


def emails(database, kind):
    with database.reading() as session:
        found = session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.queued_at, OutboxMessage.id)
        )
        composed = [mails.COMPOSERS[kind](session, each.payload, "https://aterkomst.example") for each in found]
        return [each for each in composed if each is not None]


def link_in(email):
    return next(line for line in email.body.splitlines() if "/inbjudan/" in line).removeprefix(
        "https://aterkomst.example"
    )


def actions(database):
    with database.reading() as session:
        return session.scalars(select(AuditRow.action)).all()


class TestDelegation:
    def test_a_colleague_answers_until_the_last_day_and_sees_nothing_afterwards(self, town, set_clock):
        session, database, sign_in, principal, colleague, unit, invitation = (
            town.session,
            town.database,
            town.sign_in,
            town.principal,
            town.colleague,
            town.unit,
            town.invitation,
        )
        session.commit()
        away, stand_in = sign_in(principal), sign_in(colleague)
        stand_in.page("responses.show_response", invitation_id=invitation.id, status=403)
        page = delegate(away, unit, str(colleague.id))
        row = next(each for each in page.rows() if each["Namn"].startswith("Sara"))
        assert (row["Uppgift"], row["Gäller"]) == ("Svarar i rektors ställe", "till och med 2026-08-27")
        row = next(each for each in page.rows() if each["Namn"].startswith("Per"))
        assert (row["Namn"], row["Uppgift"]) == ("Per Hallonqvist biträdande rektor", ""), "the title is the account's"
        (mail,) = emails(database, "accounts.duty_changed")
        assert mail.to == colleague.email
        assert "Strandäng" not in mail.body
        assert AuditAction.DUTY_GRANTED in actions(database)
        start = stand_in.page("responses.list_tasks")
        assert start.link("Kartläggning efter sommarlovet 2026")
        stand_in.page("responses.save_figures", invitation_id=invitation.id)
        assert "Vem svarar" not in start.links, "a delegate does not pass it on"
        stand_in.page("schools.list_own_respondents", status=403)
        away.page("responses.save_figures", invitation_id=invitation.id)
        set_clock(clock.at(TODAY + timedelta(days=8), time(9)))
        again = sign_in(colleague)
        for endpoint in ("responses.show_response", "responses.save_figures", "responses.list_missing_pupils"):
            again.page(endpoint, invitation_id=invitation.id, status=403)
        assert "Skriv en orosanmälan" in again.page("responses.list_tasks").text

    def test_it_is_taken_back_at_the_next_request(self, town):
        session, database, sign_in, principal, colleague, unit, invitation = (
            town.session,
            town.database,
            town.sign_in,
            town.principal,
            town.colleague,
            town.unit,
            town.invitation,
        )
        session.commit()
        away, stand_in = sign_in(principal), sign_in(colleague)
        page = delegate(away, unit, str(colleague.id))
        stand_in.page("responses.show_response", invitation_id=invitation.id)
        away.submit(page, button="Ta tillbaka")
        stand_in.page("responses.show_response", invitation_id=invitation.id, status=403)
        assert AuditAction.DUTY_WITHDRAWN in actions(database)
        assert len(emails(database, "accounts.duty_changed")) == 2
        delegate(away, unit, str(colleague.id))
        stand_in.page("responses.show_response", invitation_id=invitation.id)

    @pytest.mark.parametrize("until", [TODAY - timedelta(days=1), TODAY + timedelta(days=400)])
    def test_it_needs_a_last_day_that_is_neither_past_nor_far_away(self, town, until):
        session, sign_in, principal, colleague, unit = (
            town.session,
            town.sign_in,
            town.principal,
            town.colleague,
            town.unit,
        )
        session.commit()
        away = sign_in(principal)
        delegate(away, unit, str(colleague.id), until, status=422)
        page = away.page("schools.delegate", school_unit_id=unit.id)
        assert "Skriv den sista dagen" in away.submit(page, {"person": str(colleague.id)}, status=422).errors

    def test_nobody_is_asked_twice_for_the_same_time(self, town):
        session, sign_in, principal, unit, municipality = (
            town.session,
            town.sign_in,
            town.principal,
            town.unit,
            town.municipality,
        )
        other = make_account(session, municipality, Role.RESPONDENT, unit, email="annan@alvhaga.example")
        session.commit()
        away = sign_in(principal)
        page = delegate(away, unit, "new", name="Annan", email=other.email, status=422)
        assert page.errors == ["Personen svarar redan för skolan den tiden."]

    def test_only_the_own_units_and_only_by_their_principal(self, town):
        session, sign_in, principal, colleague, unit, municipality = (
            town.session,
            town.sign_in,
            town.principal,
            town.colleague,
            town.unit,
            town.municipality,
        )
        others = schools.make_unit(session, municipality, name="Annan skola")
        foreign = make_account(session, municipality, Role.STAFF, others, name="Nils Annanstans")
        session.commit()
        away = sign_in(principal)
        away.page("schools.delegate", school_unit_id=others.id, status=404)
        assert "Nils" not in away.page("schools.delegate", school_unit_id=unit.id).text
        with pytest.raises(AssertionError):
            delegate(away, unit, str(foreign.id))
        sign_in(colleague).page("schools.delegate", school_unit_id=unit.id, status=403)

    def test_a_colleague_without_an_account_is_invited_and_ends_with_the_delegation(self, town, set_clock):
        session, database, sign_in, new_browser, principal, unit, invitation = (
            town.session,
            town.database,
            town.sign_in,
            town.new_browser,
            town.principal,
            town.unit,
            town.invitation,
        )
        session.commit()
        page = delegate(sign_in(principal), unit, "new", name="Nora Ny", email="nora@alvhaga.example")
        assert next(row for row in page.rows() if row["Namn"] == "Nora Ny")["Konto"].startswith("Inbjuden")
        (mail,) = emails(database, "accounts.invitation")
        accept(new_browser(), link_in(mail))
        with database.reading() as reading:
            (membership,) = reading.scalars(select(Membership).where(Membership.duty == Duty.DELEGATE))
            assert membership.ends_on == TODAY + timedelta(days=7)
            assert membership.granted_by_id == principal.id
            nora = reading.get(Account, membership.account_id)
        sign_in(nora).page("responses.save_figures", invitation_id=invitation.id)
        set_clock(clock.at(TODAY + timedelta(days=8), time(9)))
        sign_in(nora).page("responses.save_figures", invitation_id=invitation.id, status=404)

    def test_an_invitation_is_not_accepted_after_its_last_day(self, town, set_clock):
        session, database, sign_in, new_browser, principal, unit = (
            town.session,
            town.database,
            town.sign_in,
            town.new_browser,
            town.principal,
            town.unit,
        )
        session.commit()
        delegate(
            sign_in(principal), unit, "new", TODAY + timedelta(days=2), name="Nora Ny", email="nora@alvhaga.example"
        )
        (mail,) = emails(database, "accounts.invitation")
        set_clock(clock.at(TODAY + timedelta(days=3), time(9)))
        assert new_browser().visit(link_in(mail), 404).h1 == "Länken fungerar inte"


def accept(browser, link, password=PASSWORD, status=200):
    return browser.submit(browser.visit(link), {"password": password, "again": password}, status=status)


class TestActing:
    def test_the_coordinator_appoints_from_a_day_to_another_and_the_ordinary_principal_answers_too(
        self, town, set_clock
    ):
        session, sign_in, coordinator, principal, colleague, unit, invitation = (
            town.session,
            town.sign_in,
            town.coordinator,
            town.principal,
            town.colleague,
            town.unit,
            town.invitation,
        )
        session.commit()
        browser = sign_in(coordinator)
        page = browser.page("schools.appoint_acting_principal", school_unit_id=unit.id)
        days = {
            "starts_on-day": "24",
            "starts_on-month": "8",
            "starts_on-year": "2026",
            "ends_on-day": "30",
            "ends_on-month": "9",
            "ends_on-year": "2026",
        }
        page = browser.submit(page, {"person": str(colleague.id)} | days)
        assert any(row["Gäller"] == "från 2026-08-24 till och med 2026-09-30" for row in page.rows())
        sign_in(colleague).page("responses.save_figures", invitation_id=invitation.id, status=403)
        set_clock(clock.at(date(2026, 8, 24), time(9)))
        acting = sign_in(colleague)
        acting.page("responses.save_figures", invitation_id=invitation.id)
        acting.page("rosters.show_own_list", invitation_id=invitation.id)
        acting.page("schools.delegate", school_unit_id=unit.id)
        sign_in(principal).page("responses.save_figures", invitation_id=invitation.id)

    def test_a_principal_does_not_end_what_the_coordinator_appointed(self, town):
        session, sign_in, principal, colleague, unit, municipality = (
            town.session,
            town.sign_in,
            town.principal,
            town.colleague,
            town.unit,
            town.municipality,
        )
        acting = Membership(
            municipality_id=municipality.id, account_id=colleague.id, school_unit_id=unit.id,
            duty=Duty.ACTING, starts_on=TODAY, ends_on=TODAY + timedelta(days=9),
        )  # fmt: skip
        session.add(acting)
        session.commit()
        browser = sign_in(principal)
        page = browser.page("schools.list_own_respondents")
        assert "Ta tillbaka" not in page.text
        response = browser.post(
            f"/skolan/vem-svarar/uppgift/{acting.id}/ta-tillbaka", data=page.forms[0].filled({}) if page.forms else {}
        )
        assert response.status_code in {400, 404}
        session.expire_all()
        assert session.get(Membership, acting.id).withdrawn_at is None


class TestInvitedPrincipal:
    @pytest.fixture
    def independent(self, session, municipality):
        organiser = schools.make_organiser(session, municipality, name="Stiftelsen Tallgläntan")
        return [
            schools.make_unit(session, municipality, organiser_id=organiser.id, name=f"Tallgläntan {n}")
            for n in (1, 2, 3)
        ]

    def send_invitation(self, browser, unit, status=200, **values):
        page = browser.page("schools.send_invitation", school_unit_id=unit.id)
        known = {"name": "Ines Fri", "email": "ines@tallglantan.example"}
        return browser.submit(page, known | values, status=status)

    def test_with_several_units_it_is_one_account_that_sees_its_own_and_no_other(self, town, independent):
        session, database, sign_in, new_browser, coordinator, unit, invitation = (
            town.session,
            town.database,
            town.sign_in,
            town.new_browser,
            town.coordinator,
            town.unit,
            town.invitation,
        )
        for each in independent:
            surveys.make_invitation(session, invitation.round, each)
        session.commit()
        page = self.send_invitation(sign_in(coordinator), independent[0], units=[str(each.id) for each in independent])
        assert page.rows()[0]["Konto"].startswith("Inbjuden")
        (mail,) = emails(database, "accounts.invitation")
        accept(new_browser(), link_in(mail))
        with database.reading() as reading:
            (account_id,) = reading.scalars(select(AccountInvitation.account_id))
            account = reading.get(Account, account_id)
        browser = sign_in(account)
        page = browser.page("responses.list_tasks")
        assert [each.name in page.text for each in (*independent, unit)] == [True, True, True, False]
        browser.page("responses.show_response", invitation_id=invitation.id, status=404)
        shown = sign_in(coordinator).page("schools.show_respondents", school_unit_id=independent[2].id)
        assert shown.rows()[0]["Konto"] == "Har konto"

    def test_the_link_works_once_and_a_weak_password_does_not_use_it_up(self, town, independent):
        session, database, sign_in, new_browser, coordinator = (
            town.session,
            town.database,
            town.sign_in,
            town.new_browser,
            town.coordinator,
        )
        session.commit()
        self.send_invitation(sign_in(coordinator), independent[0])
        (mail,) = emails(database, "accounts.invitation")
        accept(new_browser(), link_in(mail), "kort", status=422)
        accept(new_browser(), link_in(mail))
        assert new_browser().visit(link_in(mail), 404).h1 == "Länken fungerar inte"

    def test_sent_again_the_old_link_dies(self, town, independent):
        session, database, sign_in, new_browser, coordinator = (
            town.session,
            town.database,
            town.sign_in,
            town.new_browser,
            town.coordinator,
        )
        session.commit()
        browser = sign_in(coordinator)
        self.send_invitation(browser, independent[0])
        (first,) = emails(database, "accounts.invitation")
        browser.submit(browser.page("schools.show_respondents", school_unit_id=independent[0].id), button="Skicka igen")
        assert new_browser().visit(link_in(first), 404).h1 == "Länken fungerar inte"
        (second,) = emails(database, "accounts.invitation")
        accept(new_browser(), link_in(second))

    def test_too_old_it_is_renewed_by_its_owner(self, town, independent, set_clock):
        session, database, sign_in, new_browser, coordinator = (
            town.session,
            town.database,
            town.sign_in,
            town.new_browser,
            town.coordinator,
        )
        session.commit()
        self.send_invitation(sign_in(coordinator), independent[0])
        (mail,) = emails(database, "accounts.invitation")
        set_clock(clock.at(TODAY, time(9)) + INVITATION_LASTS)
        browser = new_browser()
        page = browser.visit(link_in(mail), 404)
        assert page.h1 == "Länken har gått ut"
        shown = sign_in(coordinator).page("schools.list_respondents")
        assert any("Länken har gått ut" in row["Inbjudna"] for row in shown.rows())
        assert any("Per Hallonqvist biträdande rektor" in row["Svarar"] for row in shown.rows())
        browser.submit(page)
        (new,) = emails(database, "accounts.invitation")
        accept(new_browser(), link_in(new))

    def test_nobody_s_mailbox_is_filled(self, town, independent):
        session, sign_in, coordinator = town.session, town.sign_in, town.coordinator
        session.commit()
        browser = sign_in(coordinator)
        for _ in range(5):
            self.send_invitation(browser, independent[0])
        page = self.send_invitation(browser, independent[0], status=422)
        assert page.errors == ["Det har redan gått flera inbjudningar till adressen i dag. Försök igen i morgon."]

    def test_taken_back_it_does_not_work(self, town, independent):
        session, database, sign_in, new_browser, coordinator = (
            town.session,
            town.database,
            town.sign_in,
            town.new_browser,
            town.coordinator,
        )
        session.commit()
        browser = sign_in(coordinator)
        page = self.send_invitation(browser, independent[0])
        (mail,) = emails(database, "accounts.invitation")
        browser.submit(page, button="Ta tillbaka")
        assert new_browser().visit(link_in(mail), 404).h1 == "Länken fungerar inte"


class TestTwoMunicipalities:
    def test_an_address_with_an_account_elsewhere_gives_nothing_away(self, town):
        session, database, sign_in, new_browser, coordinator, unit = (
            town.session,
            town.database,
            town.sign_in,
            town.new_browser,
            town.coordinator,
            town.unit,
        )
        other = schools.make_municipality(session, name="Granne kommun")
        theirs = make_account(session, other, Role.COORDINATOR, email="ines@tallglantan.example", name="Ines Fri")
        session.commit()
        browser = sign_in(coordinator)
        taken = TestInvitedPrincipal().send_invitation(browser, unit)
        free = TestInvitedPrincipal().send_invitation(
            browser, unit, email="ledig@tallglantan.example", name="Ledig Fri"
        )
        assert "Inbjudan är skickad." in taken.text
        assert "Inbjudan är skickad." in free.text
        assert {row["Konto"] for row in free.rows() if row["Namn"].endswith(" Fri")} == {f"Inbjuden skickad {TODAY}"}
        by_address = {mail.to: mail for mail in emails(database, "accounts.invitation")}
        assert "/inbjudan/" not in by_address[theirs.email].body
        assert "Granne" not in by_address[theirs.email].body
        with database.reading() as reading:
            token = reading.scalars(select(AccountInvitation)).all()
            taken_one = next(each for each in token if each.email == theirs.email)
        new = new_browser()
        page = new.visit(f"/inbjudan/{taken_one.token}")
        new.submit(page, {"password": PASSWORD, "again": PASSWORD}, status=404)
        with database.reading() as reading:
            assert reading.scalars(
                select(Account.municipality_id).where(Account.email_index == theirs.email_index)
            ).all() == [other.id]

    def test_lists_and_objects_of_another_municipality_are_never_met(self, town):
        session, sign_in, coordinator, unit = town.session, town.sign_in, town.coordinator, town.unit
        other = schools.make_municipality(session)
        theirs = schools.make_unit(session, other, name="Deras skola")
        their_principal = make_account(session, other, Role.RESPONDENT, theirs, name="Deras Rektor")
        their_coordinator = make_account(session, other, Role.COORDINATOR)
        session.commit()
        invited = TestInvitedPrincipal().send_invitation(sign_in(their_coordinator), theirs)
        assert "Ines Fri" in invited.text
        browser = sign_in(coordinator)
        listed = browser.page("schools.list_respondents")
        assert "Deras" not in listed.text
        assert "Ines" not in listed.text
        for endpoint in ("schools.show_respondents", "schools.appoint_acting_principal", "schools.send_invitation"):
            browser.page(endpoint, school_unit_id=theirs.id, status=404)
        assert "Deras Rektor" not in browser.page("schools.appoint_acting_principal", school_unit_id=unit.id).text
        session.expire_all()
        membership = session.scalars(select(Membership).where(Membership.account_id == their_principal.id)).one()
        invitation = session.scalars(select(AccountInvitation)).one()
        session.commit()
        page = browser.page("schools.list_respondents")
        token = page.forms[0].filled({}) if page.forms else {}
        for path in (
            f"uppgift/{membership.id}/avsluta",
            f"inbjudan/{invitation.id}/avsluta",
            f"inbjudan/{invitation.id}/skicka-igen",
        ):
            assert browser.post(f"/vem-svarar/{path}", data=token).status_code in {400, 404}


def test_many_units_cost_as_many_queries_as_few(town, count_queries):
    session, sign_in, municipality, coordinator = town.session, town.sign_in, town.municipality, town.coordinator
    session.commit()
    browser = sign_in(coordinator)
    with count_queries() as few:
        browser.page("schools.list_respondents")
    for number in range(20):
        make_account(
            session, municipality, Role.RESPONDENT, schools.make_unit(session, municipality, name=f"Skola {number}")
        )
    session.commit()
    with count_queries() as many:
        browser.page("schools.list_respondents")
    assert len(many) == len(few)
