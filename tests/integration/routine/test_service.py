from datetime import date

import pytest
from sqlalchemy import func, select

from app.access.actor import Actor, Role
from app.audit.models import AuditRow
from app.kernel.errors import NotFound
from app.routine import queries, service
from app.routine.models import LegalReference, RoutineStep, RoutineVersion
from tests.factories.accounts import make_actor
from tests.factories.routine import make_routine
from tests.factories.schools import make_municipality


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


class TestAdoptShippedRoutine:
    def test_a_new_municipality_has_version_one(self, session):
        municipality = make_municipality(session)
        routine = make_routine(session, municipality)
        assert routine.number == 1
        assert queries.get_current_routine(session, municipality.id) == routine
        session.commit()
        assert session.scalars(select(AuditRow.action)).all() == ["routine:adopted"]

    def test_again_adds_nothing(self, session):
        municipality = make_municipality(session)
        first = make_routine(session, municipality)
        before = [count(session, table) for table in (RoutineVersion, RoutineStep, LegalReference)]
        assert make_routine(session, municipality) == first
        assert [count(session, table) for table in (RoutineVersion, RoutineStep, LegalReference)] == before

    def test_the_law_is_the_same_for_every_municipality(self, session):
        make_routine(session, make_municipality(session))
        references = count(session, LegalReference)
        make_routine(session, make_municipality(session))
        assert count(session, LegalReference) == references

    def test_a_municipalitys_own_routine_is_kept(self, session):
        municipality = make_municipality(session)
        shipped = make_routine(session, municipality)
        session.add(RoutineVersion(municipality_id=municipality.id, number=2, adopted_on=date(2026, 9, 1)))
        session.flush()
        own = session.scalars(select(RoutineVersion).where(RoutineVersion.number == 2)).one()
        for step in session.scalars(select(RoutineStep).where(RoutineStep.routine_version_id == shipped.id)).all():
            values = {column.key: getattr(step, column.key) for column in RoutineStep.__mapper__.column_attrs}
            session.add(RoutineStep(**values | {"id": None, "routine_version_id": own.id}))
        session.flush()
        assert make_routine(session, municipality).number == 2

    def test_an_ended_wording_gets_its_last_day(self, session):
        make_routine(session, make_municipality(session))
        reference = queries.get_reference(session, "sol-19-1", date(2025, 1, 1))
        reference.valid_until = None
        service.refresh_legal_references(session)
        assert reference.valid_until == date(2025, 6, 30)


class TestQueries:
    def test_no_routine_is_not_found(self, session):
        with pytest.raises(NotFound):
            queries.get_current_routine(session, make_municipality(session).id)

    def test_another_municipalitys_version_is_not_found(self, session):
        municipality = make_municipality(session)
        routine = make_routine(session, municipality)
        stranger = make_actor(session, make_municipality(session), Role.COORDINATOR)
        assert queries.get_routine(session, routine.id, visible_to=Actor.system(municipality.id)) == routine
        with pytest.raises(NotFound):
            queries.get_routine(session, routine.id, visible_to=stranger)

    @pytest.mark.parametrize(
        ("on", "title"),
        [
            (date(2025, 6, 30), "14 kap. 1 § socialtjänstlagen (2001:453)"),
            (date(2025, 7, 1), "19 kap. 1 § socialtjänstlagen (2025:400)"),
            (date(2026, 1, 14), "19 kap. 1 § socialtjänstlagen (2025:400)"),
            (date(2026, 8, 25), "19 kap. 1 § socialtjänstlagen (2025:400)"),
        ],
    )
    def test_the_duty_to_report_as_it_stood_that_day(self, session, on, title):
        make_routine(session, make_municipality(session))
        assert queries.get_reference(session, "sol-19-1", on).title == title

    def test_the_schools_are_named_from_2026(self, session):
        make_routine(session, make_municipality(session))
        before, after = (queries.get_reference(session, "sol-19-1", date(2026, 1, day)).summary for day in (14, 15))
        assert "skolor" not in before
        assert "skolor" in after

    def test_the_reporters_secrecy_is_new(self, session):
        make_routine(session, make_municipality(session))
        assert queries.find_reference(session, "osl-40-7g", date(2026, 1, 14)) is None
        assert queries.find_reference(session, "osl-40-7g", date(2026, 1, 15)) is not None
        with pytest.raises(NotFound):
            queries.get_reference(session, "osl-40-7g", date(2026, 1, 14))

    def test_what_has_no_wording_that_day_is_left_out(self, session):
        make_routine(session, make_municipality(session))
        found = queries.list_references(session, ["osl-40-7g", "osl-23-2", None, "no-such"], date(2025, 1, 1))
        assert set(found) == {"osl-23-2"}
