"""Two municipalities in one installation never meet."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.access.actor import Role
from app.accounts.models import Account, AccountInvitation, Membership
from app.schools.models import SchoolUnit
from tests.factories import schools
from tests.factories.accounts import make_account
from tests.integration.schools.respondents.conftest import PASSWORD, TODAY, Town, send_invitation


@dataclass
class Neighbour:
    """Another municipality of the installation."""

    unit: SchoolUnit
    principal: Account
    coordinator: Account


@pytest.fixture
def neighbour(town: Town) -> Neighbour:
    """The neighbour, whose principal has invited nobody yet."""
    with town.database.transaction() as session:
        municipality = schools.make_municipality(session, name="Granne kommun")
        unit = schools.make_unit(session, municipality, name="Deras skola")
        return Neighbour(
            unit,
            make_account(session, municipality, Role.RESPONDENT, unit, name="Deras Rektor"),
            make_account(session, municipality, Role.COORDINATOR, email="ines@tallglantan.example", name="Ines Fri"),
        )


def test_an_address_with_an_account_elsewhere_gives_nothing_away(town: Town, neighbour: Neighbour) -> None:
    browser = town.sign_in(town.coordinator)
    taken = send_invitation(browser, town.unit)
    free = send_invitation(browser, town.unit, email="ledig@tallglantan.example", name="Ledig Fri")
    assert "Inbjudan är skickad." in taken.text
    assert "Inbjudan är skickad." in free.text
    rows = [row for row in free.rows() if " Fri " in row["Namn"]]
    assert {row["Konto"] for row in rows} == {f"Inbjuden skickad {TODAY}"}
    by_address = {mail.to: mail for mail in town.emails()}
    assert "/inbjudan/" not in by_address[neighbour.coordinator.email].body
    assert "Granne" not in by_address[neighbour.coordinator.email].body


def test_nor_does_it_let_anybody_in(town: Town, neighbour: Neighbour) -> None:
    send_invitation(town.sign_in(town.coordinator), town.unit)
    with town.reading() as session:
        token = session.scalars(select(AccountInvitation)).one().token
    browser = town.new_browser()
    page = browser.visit(f"/inbjudan/{token}")
    browser.submit(page, {"password": PASSWORD, "again": PASSWORD}, status=404)
    with town.reading() as session:
        of_address = select(Account.municipality_id).where(Account.email_index == neighbour.coordinator.email_index)
        assert session.scalars(of_address).all() == [neighbour.unit.municipality_id]


def test_neither_municipality_is_in_the_other_s_lists_and_choices(town: Town, neighbour: Neighbour) -> None:
    send_invitation(
        town.sign_in(neighbour.coordinator), neighbour.unit, name="Iris Inbjuden", email="iris@granne.example"
    )
    browser = town.sign_in(town.coordinator)
    listed = browser.page("schools.list_respondents")
    appointing = browser.page("schools.appoint_acting_principal", school_unit_id=town.unit.id)
    for page in (listed, appointing, browser.page("schools.send_invitation", school_unit_id=town.unit.id)):
        assert not [word for word in ("Deras", "Iris", "Granne") if word in page.text]


def test_the_other_s_objects_are_not_there(town: Town, neighbour: Neighbour) -> None:
    send_invitation(
        town.sign_in(neighbour.coordinator), neighbour.unit, name="Iris Inbjuden", email="iris@granne.example"
    )
    browser = town.sign_in(town.coordinator)
    for endpoint in ("schools.show_respondents", "schools.appoint_acting_principal", "schools.send_invitation"):
        browser.page(endpoint, school_unit_id=neighbour.unit.id, status=404)
    data = browser.page("schools.list_respondents").forms[0].filled({})
    assert _statuses(town, neighbour, browser, data) == [404, 404, 404]


def _statuses(town: Town, neighbour: Neighbour, browser, data: dict[str, object]) -> Sequence[int]:
    with town.reading() as session:
        membership = session.scalars(select(Membership.id).where(Membership.account_id == neighbour.principal.id)).one()
        invitation = session.scalars(select(AccountInvitation.id)).one()
    paths = (
        f"uppgift/{membership}/avsluta",
        f"inbjudan/{invitation}/avsluta",
        f"inbjudan/{invitation}/skicka-igen",
    )
    return [browser.post(f"/vem-svarar/{path}", data=data).status_code for path in paths]
