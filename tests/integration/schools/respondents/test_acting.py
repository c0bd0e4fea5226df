"""The coordinator sees to it that somebody answers: acting principals, and what a principal cannot undo."""

from datetime import date, time, timedelta

import pytest

from app.access.actor import Role
from app.accounts.models import Membership
from app.accounts.types import Duty
from app.audit.types import AuditAction
from app.kernel import clock
from tests.conftest import Clock
from tests.integration.schools.respondents.conftest import TODAY, Town, appoint, delegate, row_of, send_invitation
from tests.integration.schools.respondents.test_delegation import LAST_DAY
from tests.pages import all_of

MONDAY = date(2026, 8, 24)


def test_an_acting_principal_answers_from_a_day_and_the_ordinary_one_too(town: Town, set_clock: Clock) -> None:
    page = appoint(town.sign_in(town.coordinator), town.unit, town.colleague, MONDAY, date(2026, 9, 30))
    assert row_of(page, "Sara")["Gäller"] == "från 2026-08-24 till och med 2026-09-30"
    assert "Klart." in page.text
    assert not town.answers(town.colleague)
    set_clock(clock.at(MONDAY, time(0)))
    acting = town.sign_in(town.colleague)
    acting.page("rosters.show_own_list", invitation_id=town.invitation.id)
    acting.page("schools.delegate", school_unit_id=town.unit.id)
    assert town.answers(town.colleague)
    assert town.answers(town.principal)


def test_the_ordinary_principal_comes_back_early(town: Town) -> None:
    coordinator = town.sign_in(town.coordinator)
    page = appoint(coordinator, town.unit, town.colleague, TODAY, LAST_DAY)
    form = next(each for each in page.forms if "Avsluta nu" in each.buttons and _is_in_row(each.tag, "Sara"))
    assert coordinator.post(form.action, data=form.filled({})).status_code == 303
    assert not town.answers(town.colleague)
    assert town.answers(town.principal)


def _is_in_row(tag: object, name: str) -> bool:
    row = tag.find_parent("tr")  # type: ignore[attr-defined]
    return row is not None and name in row.get_text()


def test_in_an_emergency_the_school_s_own_people_come_first_and_the_day_is_today(town: Town) -> None:
    elsewhere = town.school("Annan skola", organiser_id=town.unit.organiser_id)
    town.person(Role.STAFF, elsewhere, name="Anna Annanstans", title="lärare")
    town.person(Role.STAFF, town.school("Friskolan"), name="Frida Fri", title="lärare")
    page = town.sign_in(town.coordinator).page("schools.appoint_acting_principal", school_unit_id=town.unit.id)
    options = [option.get_text() for option in page.soup.select("select[name=person] option")]
    assert options[1:3] == ["Sara Öberg, kurator, Strandängsskolan", "Anna Annanstans, lärare, Annan skola"]
    assert len(options) == 4, "neither who answers already nor another organiser's people; the last one invites"
    filled = page.form("Utse personen").filled({})
    assert (filled["starts_on-day"], filled["starts_on-month"]) == ("20", "8")


def test_a_delegate_may_become_acting_and_an_acting_one_the_principal(town: Town) -> None:
    delegate(town.sign_in(town.principal), town.unit, town.colleague)
    coordinator = town.sign_in(town.coordinator)
    page = appoint(coordinator, town.unit, town.colleague, TODAY, LAST_DAY)
    assert {row["Uppgift"] for row in page.rows() if "Sara" in row["Namn"]} == {
        "Svarar i rektors ställe",
        "Tillförordnad rektor",
    }
    assert "Klart." in send_invitation(coordinator, town.unit, name="Sara Öberg", email=town.colleague.email).text
    page = send_invitation(coordinator, town.unit, name="Sara Öberg", email=town.colleague.email, status=422)
    assert page.errors == ["Personen svarar redan för skolan den tiden."]


def test_a_principal_does_not_end_what_the_coordinator_appointed(town: Town) -> None:
    with town.database.transaction() as session:
        acting = Membership(
            municipality_id=town.municipality.id, account_id=town.colleague.id, school_unit_id=town.unit.id,
            duty=Duty.ACTING, starts_on=TODAY, ends_on=LAST_DAY,
        )  # fmt: skip
        session.add(acting)
    browser = town.sign_in(town.principal)
    page = browser.page("schools.list_own_respondents")
    assert not [form for form in page.forms if "Ta tillbaka" in form.buttons]
    data = page.forms[0].filled({})
    assert browser.post(f"/skolan/vem-svarar/uppgift/{acting.id}/ta-tillbaka", data=data).status_code == 404
    assert town.answers(town.colleague)


def test_a_school_where_nobody_answers_stands_first_and_says_so(town: Town) -> None:
    empty = town.school("Östra skolan", principal_name="Ulla Utan", email="ulla@alvhaga.example")
    coordinator = town.sign_in(town.coordinator)
    page = coordinator.page("schools.list_respondents")
    assert "För 1 skola kan ingen svara i dag." in page.text
    assert all_of(page.rows(), "Skola")[0].startswith("Östra skolan")
    assert "Ingen kan svara i dag" in coordinator.page("schools.show_respondents", school_unit_id=empty.id).text
    known = coordinator.page("schools.send_invitation", school_unit_id=empty.id).form("Skicka inbjudan").filled({})
    assert (known["name"], known["email"]) == ("Ulla Utan", "ulla@alvhaga.example")


@pytest.mark.parametrize("days", [-1, 400])
def test_an_acting_principal_begins_neither_in_the_past_nor_far_away(town: Town, days: int) -> None:
    since = TODAY + timedelta(days=days)
    appoint(town.sign_in(town.coordinator), town.unit, town.colleague, since, since, status=422)


def test_a_successor_gets_the_mails_of_the_school_and_the_pages_name_them(town: Town) -> None:
    coordinator = town.sign_in(town.coordinator)
    both = [str(each.id) for each in (town.unit, town.school("Annexet", organiser_id=town.unit.organiser_id))]
    page = send_invitation(coordinator, town.unit, units=both, takes_over="ja")
    mails = "Kartläggningarnas mejl går till Ines Fri, ines@tallglantan.example"
    assert f"{mails}, redan innan inbjudan är besvarad." in page.text
    assert "Har Per Hallonqvist slutat som rektor här? Avsluta uppgiften" in page.text
    town.accept(town.link())
    page = coordinator.page("schools.show_respondents", school_unit_id=town.unit.id)
    assert f"{mails}." in page.text
    assert "Har Per Hallonqvist slutat" in page.text
    page = coordinator.page("schools.show_respondents", school_unit_id=both[1])
    assert f"{mails}." in page.text
    assert "slutat" not in page.text, "there was nobody before"
    assert town.actions().count(AuditAction.SCHOOL_UNIT_CHANGED) == 2


def test_a_second_principal_leaves_the_mails_where_they_were(town: Town) -> None:
    page = send_invitation(town.sign_in(town.coordinator), town.unit)
    assert f"Kartläggningarnas mejl går till {town.unit.principal_name}, {town.unit.email}." in page.text
    assert "slutat" not in page.text
    assert AuditAction.SCHOOL_UNIT_CHANGED not in town.actions()
