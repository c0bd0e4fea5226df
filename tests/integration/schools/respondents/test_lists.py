"""The list of who answers costs the same for many schools as for few."""

from app.access.actor import Role
from tests.integration.schools.respondents.conftest import Town
from tests.machine.fixtures import Counter


def test_many_units_cost_as_many_queries_as_few(town: Town, count_queries: Counter) -> None:
    browser = town.sign_in(town.coordinator)
    with count_queries() as few:
        browser.page("schools.list_respondents")
    for number in range(20):
        town.person(Role.RESPONDENT, town.school(f"Skola {number}"))
    with count_queries() as many:
        browser.page("schools.list_respondents")
    assert len(many) == len(few)
