"""Pages of a longer list."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import Account
from app.kernel.pagination import paginate
from app.schools.models import Municipality
from tests.factories.schools import make_municipality


@pytest.fixture
def names(session: Session) -> list[str]:
    """The names of seven municipalities in order of code."""
    return [make_municipality(session, code=f"99{number:02}", name=f"Kommun {number}").name for number in range(7)]


IN_ORDER = select(Municipality).order_by(Municipality.code)


@pytest.mark.parametrize(
    ("number", "shown", "stands"),
    [
        (1, slice(0, 3), (1, 3, False, True)),
        (2, slice(3, 6), (4, 6, True, True)),
        (3, slice(6, 7), (7, 7, True, False)),
        (4, slice(6, 7), (7, 7, True, False)),
        (10**30, slice(6, 7), (7, 7, True, False)),
        (0, slice(0, 3), (1, 3, False, True)),
        (-5, slice(0, 3), (1, 3, False, True)),
    ],
)
def test_a_page_knows_where_it_stands(
    session: Session, names: list[str], number: int, shown: slice, stands: tuple[int, int, bool, bool]
) -> None:
    page = paginate(session, IN_ORDER, number, size=3)
    assert [row.name for row in page.items] == names[shown]
    assert (page.first, page.last, page.has_previous, page.has_next) == stands
    assert (page.total, page.pages) == (7, 3)


def test_an_empty_list_has_one_empty_page(session: Session) -> None:
    page = paginate(session, IN_ORDER, 2, size=3)
    assert (page.number, page.first, page.last, page.total, page.pages) == (1, 0, 0, 0, 1)
    assert not page.has_previous
    assert not page.has_next


def test_every_row_stands_on_exactly_one_page(session: Session, names: list[str]) -> None:
    pages = [paginate(session, IN_ORDER, number, size=2) for number in (1, 2, 3, 4)]
    assert [row.name for page in pages for row in page.items] == names


def test_a_list_with_more_loaded_beside_it_can_be_paged(session: Session) -> None:
    statement = select(Account).options(selectinload(Account.memberships)).order_by(Account.id)
    assert paginate(session, statement, 1).total == 0
