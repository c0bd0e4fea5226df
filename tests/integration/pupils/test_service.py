from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.kernel.identity_number import IdentityKind
from app.pupils import queries, service
from app.pupils.models import Child
from tests.factories.pupils import make_child, make_identity, make_nameless, make_number, make_temporary
from tests.factories.schools import make_municipality


@pytest.fixture
def municipality(session):
    return make_municipality(session)


def count(session):
    return session.scalar(select(func.count()).select_from(Child))


class TestFindOrAddChild:
    @pytest.mark.parametrize("kind", [IdentityKind.PERSONAL, IdentityKind.COORDINATION])
    def test_one_number_is_one_child(self, session, municipality, kind):
        identity = make_identity(kind=kind, number=make_number(coordination=kind is IdentityKind.COORDINATION))
        first = service.find_or_add_child(session, municipality.id, identity)
        assert service.find_or_add_child(session, municipality.id, identity) is first

    @pytest.mark.parametrize("identity", [make_temporary(), make_nameless()])
    def test_what_only_looks_the_same_is_never_merged(self, session, municipality, identity):
        first = service.find_or_add_child(session, municipality.id, identity)
        assert service.find_or_add_child(session, municipality.id, identity) is not first

    def test_two_municipalities_have_a_child_each(self, session, municipality):
        identity = make_identity()
        first = service.find_or_add_child(session, municipality.id, identity)
        other = service.find_or_add_child(session, make_municipality(session).id, identity)
        assert first.number_index != other.number_index

    def test_everything_about_the_child_is_read_back(self, session, municipality):
        identity = make_identity(birth_date=date(2015, 3, 4))
        child = service.find_or_add_child(session, municipality.id, identity)
        session.flush()
        session.expire(child)
        assert (child.name, child.identity_number, child.birth_date, child.home_municipality_code) == (
            identity.name,
            identity.number,
            date(2015, 3, 4),
            "0199",
        )

    def test_many_at_once_add_one(self, database, session, municipality):
        session.commit()
        identity, barrier, found, failed = make_identity(), Barrier(4), [], []

        def add() -> None:
            try:
                barrier.wait()
                with database.transaction() as own:
                    found.append(service.find_or_add_child(own, municipality.id, identity).id)
            except Exception as error:
                failed.append(error)

        threads = [Thread(target=add) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert len(set(found)) == 1
        assert count(session) == 1


class TestReviseChild:
    def test_what_was_unknown_becomes_known(self, session, municipality):
        child = make_child(session, municipality, kind=IdentityKind.NONE, number=None)
        number = make_number()
        assert service.revise_child(session, child, make_identity(number=number))
        assert queries.find_child(session, municipality.id, number) is child

    def test_the_same_again_changes_nothing(self, session, municipality):
        identity = make_temporary()
        child = service.find_or_add_child(session, municipality.id, identity)
        assert not service.revise_child(session, child, identity)


class TestWithholdIdentity:
    def test_nothing_is_left(self, session, municipality):
        identity = make_identity()
        child = service.find_or_add_child(session, municipality.id, identity)
        service.withhold_identity(session, child)
        assert (child.name, child.identity_number, child.birth_date) == ("", None, None)
        assert (child.home_municipality_code, child.loose_index) == (None, None)
        assert queries.find_child(session, municipality.id, identity.number) is None


class TestListLookalikes:
    def test_two_with_a_number_each_are_two(self, session, municipality):
        one, _other = make_child(session, municipality), make_child(session, municipality)
        assert queries.list_lookalikes(session, one) == []

    def test_without_anything_to_compare_nobody_looks_like_anybody(self, session, municipality):
        one, _other = (
            service.find_or_add_child(session, municipality.id, make_nameless(birth_date=None)) for _ in range(2)
        )
        assert queries.list_lookalikes(session, one) == ()


@pytest.mark.parametrize(
    "values",
    [
        {"identity_kind": IdentityKind.NONE},
        {"identity_kind": IdentityKind.TEMPORARY},
        {"number_index": None},
        {"identity_number_sealed": None},
    ],
)
def test_the_table_refuses_halves(session, municipality, values):
    child = make_child(session, municipality)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(Child.__table__.update().where(Child.__table__.c.id == child.id).values(**values))
