"""A principal lets somebody answer in their place until a day."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from app.access.actor import Role
from app.accounts.models import Membership
from app.accounts.types import Duty
from app.audit.types import AuditAction
from app.kernel import clock
from tests.conftest import Clock
from tests.integration.schools.respondents.conftest import TODAY, Town, appoint, delegate, row_of
from tests.pages import Page

NORA = {"name": "Nora Ny", "email": "nora@alvhaga.example"}
LAST_DAY = TODAY + timedelta(days=7)


def test_a_colleague_answers_and_the_page_says_until_when(town: Town) -> None:
    assert not town.answers(town.colleague)
    page = delegate(town.sign_in(town.principal), town.unit, town.colleague)
    sara, per = row_of(page, "Sara"), row_of(page, "Per")
    assert (sara["Uppgift"], sara["Gäller"]) == ("Svarar i rektors ställe", "till och med 2026-08-27")
    assert (per["Namn"], per["Uppgift"]) == ("Per Hallonqvist rektor", ""), "the title says it"
    assert town.answers(town.colleague)
    assert town.answers(town.principal)
    assert AuditAction.DUTY_GRANTED in town.actions()


def test_the_colleague_is_told_by_a_mail_that_names_no_school(town: Town) -> None:
    delegate(town.sign_in(town.principal), town.unit, town.colleague)
    (mail,) = town.emails("accounts.duty_changed")
    assert mail.to == town.colleague.email
    assert "Strandäng" not in mail.body


def test_a_delegate_does_not_pass_it_on(town: Town) -> None:
    delegate(town.sign_in(town.principal), town.unit, town.colleague)
    stand_in = town.sign_in(town.colleague)
    assert "Vem svarar" not in stand_in.page("responses.list_tasks").links
    stand_in.page("schools.list_own_respondents", status=403)
    stand_in.page("schools.delegate", school_unit_id=town.unit.id, status=403)


def test_it_ends_at_midnight_in_sweden_in_the_middle_of_a_session(town: Town, set_clock: Clock) -> None:
    delegate(town.sign_in(town.principal), town.unit, town.colleague)
    set_clock(clock.at(LAST_DAY, time(23, 50)))
    stand_in = town.sign_in(town.colleague)
    page = stand_in.page("responses.save_figures", invitation_id=town.invitation.id)
    set_clock(clock.at(LAST_DAY, time(23, 59, 59)))
    figures = {"enrolled": "412", "present": "411", "known_absence": "1", "protected_missing": "0"}
    stand_in.submit(page, figures, button="Spara och fortsätt")
    page = stand_in.page("responses.save_figures", invitation_id=town.invitation.id)
    set_clock(clock.at(LAST_DAY + timedelta(days=1), time(0)))
    form = page.form("Spara och fortsätt")
    answer = stand_in.post(form.action, data=form.filled({"enrolled": "400"}))
    assert answer.status_code in {403, 404}
    assert "Svarade du i någon annans ställe? Då kan tiden ha gått ut." in Page(answer.text).text
    page = town.sign_in(town.principal).page("responses.save_figures", invitation_id=town.invitation.id)
    assert page.form("Spara och fortsätt").filled({})["enrolled"] == "412"


def test_afterwards_nothing_of_the_school_is_seen(town: Town, set_clock: Clock) -> None:
    delegate(town.sign_in(town.principal), town.unit, town.colleague)
    set_clock(clock.at(LAST_DAY + timedelta(days=1), time(9)))
    again = town.sign_in(town.colleague)
    for part in ("", "/antal", "/franvarolista", "/klasslista"):
        assert again.get(f"/svar/{town.invitation.id}{part}").status_code in {403, 404}, part
    assert "Skriv en orosanmälan" in again.page("responses.list_tasks").text


def test_it_is_taken_back_at_the_next_request_and_may_be_given_again(town: Town) -> None:
    away = town.sign_in(town.principal)
    page = delegate(away, town.unit, town.colleague)
    away.submit(page, button="Ta tillbaka")
    assert not town.answers(town.colleague)
    assert AuditAction.DUTY_WITHDRAWN in town.actions()
    assert len(town.emails("accounts.duty_changed")) == 2
    delegate(away, town.unit, town.colleague)
    assert town.answers(town.colleague)


@pytest.mark.parametrize("until", [TODAY - timedelta(days=1), TODAY + timedelta(days=400)])
def test_its_last_day_is_neither_past_nor_far_away(town: Town, until: date) -> None:
    delegate(town.sign_in(town.principal), town.unit, town.colleague, until, status=422)


def test_it_needs_a_last_day(town: Town) -> None:
    away = town.sign_in(town.principal)
    page = away.page("schools.delegate", school_unit_id=town.unit.id)
    assert "Skriv den sista dagen" in away.submit(page, {"person": str(town.colleague.id)}, status=422).errors


def test_an_acting_principal_lends_no_longer_time_than_the_own(town: Town) -> None:
    acting = town.person(Role.STAFF, town.unit, name="Tom Tillfällig")
    appoint(town.sign_in(town.coordinator), town.unit, acting, TODAY, LAST_DAY)
    browser = town.sign_in(acting)
    page = delegate(browser, town.unit, town.colleague, LAST_DAY + timedelta(days=1), status=422)
    assert page.errors == ["Så länge svarar du inte själv för skolan. Välj en tidigare dag."]
    delegate(browser, town.unit, None, LAST_DAY + timedelta(days=1), status=422, **NORA)
    delegate(browser, town.unit, town.colleague, LAST_DAY)
    assert town.answers(town.colleague)


def test_nobody_is_asked_twice_for_the_same_time(town: Town) -> None:
    other = town.person(Role.RESPONDENT, town.unit, email="annan@alvhaga.example")
    page = delegate(town.sign_in(town.principal), town.unit, None, status=422, name="Annan", email=other.email)
    assert page.errors == ["Personen svarar redan för skolan den tiden."]


def test_only_the_own_units_and_only_by_their_principal(town: Town) -> None:
    others = town.school("Annan skola")
    foreign = town.person(Role.STAFF, others, name="Nils Annanstans")
    away = town.sign_in(town.principal)
    away.page("schools.delegate", school_unit_id=others.id, status=404)
    page = away.page("schools.delegate", school_unit_id=town.unit.id)
    assert "Nils" not in page.text
    data = page.form("Låt personen svara").filled({}) | {"person": str(foreign.id), "ends_on-day": "27"}
    assert away.post(f"/skolan/vem-svarar/{town.unit.id}", data=data).status_code == 422
    town.sign_in(town.colleague).page("schools.delegate", school_unit_id=town.unit.id, status=403)


def test_a_colleague_without_an_account_is_invited_and_ends_with_the_delegation(town: Town, set_clock: Clock) -> None:
    page = delegate(town.sign_in(town.principal), town.unit, None, **NORA)
    assert row_of(page, "Nora")["Konto"].startswith("Inbjuden")
    town.accept(town.link())
    nora = town.account(NORA["email"])
    with town.reading() as session:
        (membership,) = session.scalars(select(Membership).where(Membership.account_id == nora.id))
    assert (membership.duty, membership.ends_on) == (Duty.DELEGATE, LAST_DAY)
    assert membership.granted_by_id == town.principal.id
    assert town.answers(nora)
    set_clock(clock.at(LAST_DAY + timedelta(days=1), time(9)))
    assert not town.answers(nora)
    page = town.sign_in(nora).page("responses.list_tasks")
    assert page.text.startswith("Att göra Du svarar inte för någon skola just nu.")
    assert not {"Rapportera nu", "Oro inför lov"} & page.links.keys()


def test_an_invitation_is_not_accepted_after_its_last_day(town: Town, set_clock: Clock) -> None:
    delegate(town.sign_in(town.principal), town.unit, None, TODAY + timedelta(days=2), **NORA)
    link = town.link()
    set_clock(clock.at(TODAY + timedelta(days=3), time(9)))
    assert town.new_browser().visit(link, 404).h1 == "Länken fungerar inte"


def test_nor_when_who_invited_is_principal_no_longer(town: Town) -> None:
    delegate(town.sign_in(town.principal), town.unit, None, **NORA)
    delegate(town.sign_in(town.principal), town.unit, town.colleague)
    link, coordinator = town.link(), town.sign_in(town.coordinator)
    page = coordinator.page("schools.show_respondents", school_unit_id=town.unit.id)
    assert row_of(page, "Per")["Ändra"].endswith("Avsluta nu")
    coordinator.submit(page, button="Avsluta nu")
    assert town.new_browser().visit(link, 404).h1 == "Länken fungerar inte"
    assert town.emails() == []
    assert town.answers(town.colleague), "who answers already goes on, or nobody would"
