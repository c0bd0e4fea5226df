"""A principal of an independent school is invited by mail to an account of their own."""

from collections.abc import Sequence
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from app.access.actor import Role
from app.accounts import jobs
from app.accounts.models import AccountInvitation, InvitedUnit
from app.accounts.types import INVITATION_KEPT_FOR, INVITATION_LASTS, UNANSWERED_KEPT_FOR
from app.audit.types import AuditAction
from app.kernel import clock
from app.schools.models import Municipality, SchoolUnit
from tests.conftest import Clock
from tests.factories import schools
from tests.integration.schools.respondents.conftest import TODAY, Town, delegate, row_of, send_invitation

INES = "ines@tallglantan.example"


@pytest.fixture
def independent(town: Town) -> Sequence[SchoolUnit]:
    """Three schools of a foundation."""
    with town.database.transaction() as session:
        municipality = session.get_one(Municipality, town.municipality.id)
        organiser = schools.make_organiser(session, municipality, name="Stiftelsen Tallgläntan")
    return [town.school(f"Tallgläntan {n}", organiser_id=organiser.id) for n in (1, 2, 3)]


def invited_rows(town: Town) -> int:
    with town.reading() as session:
        return session.scalar(select(func.count()).select_from(AccountInvitation)) or 0


def test_one_account_sees_the_units_it_was_invited_to_and_no_other(
    town: Town, independent: Sequence[SchoolUnit]
) -> None:
    coordinator = town.sign_in(town.coordinator)
    page = send_invitation(coordinator, independent[0], units=[str(each.id) for each in independent[:2]])
    assert row_of(page, "Ines")["Namn"] == f"Ines Fri {INES} Inbjuden till 2 skolenheter"
    assert town.accept(town.link()).h1 == "Logga in"
    browser = town.sign_in(town.account(INES))
    page = browser.page("responses.list_tasks")
    assert [each.name in page.text for each in (*independent, town.unit)] == [True, True, False, False]
    browser.page("responses.show_response", invitation_id=town.invitation.id, status=404)
    browser.page("schools.delegate", school_unit_id=independent[2].id, status=404)
    assert "Strandäng" not in browser.page("schools.list_own_respondents").text
    shown = coordinator.page("schools.show_respondents", school_unit_id=independent[1].id)
    assert row_of(shown, "Ines")["Konto"] == "Har konto"


def test_the_page_says_who_invites_and_to_what(town: Town, independent: Sequence[SchoolUnit]) -> None:
    send_invitation(town.sign_in(town.coordinator), independent[0])
    text = town.new_browser().visit(town.link()).text
    assert f"{town.municipality.name} bjuder in dig att svara för Tallgläntan 1." in text
    assert "Ines" not in text, "the link may have been forwarded"


def test_the_link_works_once_and_neither_a_filter_nor_a_weak_password_uses_it_up(
    town: Town, independent: Sequence[SchoolUnit]
) -> None:
    send_invitation(town.sign_in(town.coordinator), independent[0])
    link = town.link()
    for method in ("GET", "HEAD", "GET"):
        assert town.new_browser().open(link, method=method).status_code == 200
    town.accept(link, "kort", status=422)
    town.accept(link)
    assert town.new_browser().visit(link, 404).h1 == "Länken fungerar inte"


def test_of_two_who_have_the_page_open_the_second_is_too_late(town: Town, independent: Sequence[SchoolUnit]) -> None:
    send_invitation(town.sign_in(town.coordinator), independent[0])
    link, other = town.link(), town.new_browser()
    page = other.visit(link)
    town.accept(link)
    values = {"password": "helt-andra-ord-i-rad", "again": "helt-andra-ord-i-rad"}
    assert other.submit(page, values, status=404).h1 == "Länken fungerar inte"
    assert town.actions().count(AuditAction.ACCOUNT_ADDED) == 1


def test_two_invitations_to_one_person_become_one_account(town: Town, independent: Sequence[SchoolUnit]) -> None:
    coordinator = town.sign_in(town.coordinator)
    send_invitation(coordinator, independent[0])
    first = town.link()
    send_invitation(coordinator, independent[1])
    second = town.link()
    delegate(town.sign_in(town.principal), town.unit, None, name="Ines Fri", email=INES)
    town.accept(first)
    assert town.new_browser().visit(second, 404).h1 == "Länken fungerar inte"
    text = town.sign_in(town.account(INES)).page("responses.list_tasks").text
    assert [each.name in text for each in (*independent, town.unit)] == [True, True, False, True]


def test_inviting_again_to_one_of_two_schools_loses_neither(town: Town, independent: Sequence[SchoolUnit]) -> None:
    coordinator = town.sign_in(town.coordinator)
    send_invitation(coordinator, independent[0], units=[str(each.id) for each in independent[:2]])
    page = send_invitation(coordinator, independent[0], name="Ines Friman")
    assert len([row for row in page.rows() if row["Namn"].startswith("Ines")]) == 1
    town.accept(town.link())
    text = town.sign_in(town.account(INES)).page("responses.list_tasks").text
    assert [each.name in text for each in independent] == [True, True, False]


def test_a_principal_does_not_lower_what_the_coordinator_invited_to(
    town: Town, independent: Sequence[SchoolUnit]
) -> None:
    coordinator = town.sign_in(town.coordinator)
    send_invitation(coordinator, town.unit)
    delegate(town.sign_in(town.principal), town.unit, None, name="Ines Fri", email=INES)
    town.accept(town.link())
    page = coordinator.page("schools.show_respondents", school_unit_id=town.unit.id)
    assert [row["Gäller"] for row in page.rows() if "Ines" in row["Namn"]] == ["tills vidare"]


def test_sent_again_the_old_link_dies(town: Town, independent: Sequence[SchoolUnit]) -> None:
    coordinator = town.sign_in(town.coordinator)
    page = send_invitation(coordinator, independent[0])
    first = town.link()
    coordinator.submit(page, button="Skicka igen")
    assert town.new_browser().visit(first, 404).h1 == "Länken fungerar inte"
    town.accept(town.link())


def test_too_old_it_is_renewed_by_its_owner(town: Town, independent: Sequence[SchoolUnit], set_clock: Clock) -> None:
    send_invitation(town.sign_in(town.coordinator), independent[0])
    link, browser = town.link(), town.new_browser()
    set_clock(clock.at(TODAY, time(9)) + INVITATION_LASTS)
    page = browser.visit(link, 404)
    assert page.h1 == "Länken har gått ut"
    shown = town.sign_in(town.coordinator).page("schools.list_respondents")
    assert any("Länken har gått ut" in row["Inbjudna"] for row in shown.rows())
    browser.submit(page)
    town.accept(town.link())


def test_a_wrong_address_is_seen_and_corrected(town: Town, independent: Sequence[SchoolUnit]) -> None:
    coordinator = town.sign_in(town.coordinator)
    page = send_invitation(coordinator, independent[0], email="ines@fel.example")
    wrong = town.link()
    assert "ines@fel.example" in row_of(page, "Ines")["Namn"]
    page = coordinator.submit(page, button="Ta tillbaka")
    assert "Inbjudan är återtagen." in page.text
    page = town.new_browser().visit(wrong, 404)
    assert "be kommunens samordnare om en ny" in page.text
    send_invitation(coordinator, independent[0])
    assert town.emails()[-1].to == INES


def test_another_s_new_link_brings_nothing_from_one_that_is_too_old(town: Town, set_clock: Clock) -> None:
    other = town.school("Andra skolan")
    send_invitation(town.sign_in(town.coordinator), other)
    later = clock.at(TODAY, time(9)) + INVITATION_LASTS
    set_clock(later)
    until = later.date() + timedelta(days=7)
    delegate(town.sign_in(town.principal), town.unit, None, until, name="Annan Person", email=INES)
    town.accept(town.link())
    browser = town.sign_in(town.account(INES))
    assert other.name not in browser.page("responses.list_tasks").text
    coordinator = town.sign_in(town.coordinator)
    page = coordinator.submit(
        coordinator.page("schools.show_respondents", school_unit_id=other.id), button="Skicka igen"
    )
    assert row_of(page, "Annan")["Konto"] == "Har konto", "there is an account now, so nobody waits for another link"
    assert other.name in browser.page("responses.list_tasks").text


def test_the_name_is_the_coordinator_s_and_not_a_principal_s(town: Town, independent: Sequence[SchoolUnit]) -> None:
    send_invitation(town.sign_in(town.coordinator), independent[0])
    delegate(town.sign_in(town.principal), town.unit, None, name="Annan Person", email=INES)
    town.accept(town.link())
    assert town.account(INES).name == "Ines Fri"


def test_who_has_got_an_account_meanwhile_accepts_with_it(town: Town, independent: Sequence[SchoolUnit]) -> None:
    send_invitation(town.sign_in(town.coordinator), independent[0])
    own = town.person(Role.RESPONDENT, town.unit, email=INES)
    assert "Du har redan ett konto" in town.emails()[-1].body
    browser = town.new_browser()
    page = browser.visit(town.link())
    assert page.h1 == "Du har redan ett konto"
    assert independent[0].name not in town.sign_in(own).page("responses.list_tasks").text, "looking changes nothing"
    assert browser.submit(page).h1 == "Logga in"
    assert independent[0].name in town.sign_in(own).page("responses.list_tasks").text


def test_of_two_tabs_the_second_shows_how_it_is_now(town: Town, independent: Sequence[SchoolUnit]) -> None:
    coordinator = town.sign_in(town.coordinator)
    send_invitation(coordinator, independent[0])
    first, *others = [coordinator.page("schools.show_respondents", school_unit_id=independent[0].id) for _ in range(3)]
    coordinator.submit(first, button="Skicka igen")
    for page, button in zip(others, ("Skicka igen", "Ta tillbaka"), strict=True):
        assert "redan använd, återtagen eller skickad på nytt" in coordinator.submit(page, button=button).text
    assert len(town.emails()) == 1


def test_nobody_s_mailbox_is_filled(town: Town, independent: Sequence[SchoolUnit]) -> None:
    coordinator = town.sign_in(town.coordinator)
    for _ in range(5):
        send_invitation(coordinator, independent[0])
    page = send_invitation(coordinator, independent[0], status=422)
    assert page.errors == ["Det har redan gått flera inbjudningar till adressen i dag. Försök igen i morgon."]


def test_a_name_is_forgotten_some_time_after_the_invitation_was_used(
    town: Town, independent: Sequence[SchoolUnit], set_clock: Clock
) -> None:
    send_invitation(town.sign_in(town.coordinator), independent[0])
    town.accept(town.link())
    set_clock(clock.at(TODAY, time(9)) + INVITATION_KEPT_FOR)
    jobs.dispose_of_invitations(town.database)
    assert invited_rows(town) == 1
    set_clock(clock.at(TODAY, time(9, 1)) + INVITATION_KEPT_FOR)
    jobs.dispose_of_invitations(town.database)
    with town.reading() as session:
        assert [session.scalars(select(table.id)).all() for table in (AccountInvitation, InvitedUnit)] == [[], []]
    assert "Ines" in town.sign_in(town.account(INES)).page("schools.list_own_respondents").text


def test_and_so_is_one_that_nobody_used(town: Town, independent: Sequence[SchoolUnit], set_clock: Clock) -> None:
    send_invitation(town.sign_in(town.coordinator), independent[0])
    delegate(town.sign_in(town.principal), town.unit, None, name="Nora Ny", email="nora@alvhaga.example")
    last_day = TODAY + timedelta(days=7)
    set_clock(clock.at(last_day, time(9)) + INVITATION_KEPT_FOR + timedelta(days=1))
    jobs.dispose_of_invitations(town.database)
    assert invited_rows(town) == 1, "only the delegation is over"
    set_clock(clock.at(TODAY, time(9, 1)) + UNANSWERED_KEPT_FOR)
    jobs.dispose_of_invitations(town.database)
    assert invited_rows(town) == 0
