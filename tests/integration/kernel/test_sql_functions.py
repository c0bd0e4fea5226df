"""The functions that write thousands of rows without fetching them."""

from uuid import UUID

from sqlalchemy import JSON, Uuid, literal, select, type_coerce

from app.kernel.sql_functions import id_text, json_pair, new_id
from tests.factories import schools


def test_each_row_gets_an_id_of_its_own_as_uuid4_makes_them(session):
    for _ in range(20):
        schools.make_municipality(session)
    ids = session.scalars(select(type_coerce(new_id(), Uuid())).select_from(schools.Municipality)).all()
    assert len(set(ids)) == 20
    assert all(isinstance(each, UUID) and (each.version, each.variant) == (4, "specified in RFC 4122") for each in ids)


def test_an_id_is_written_as_python_writes_it(session):
    municipality = schools.make_municipality(session)
    assert session.scalar(select(id_text(schools.Municipality.id))) == str(municipality.id)


def test_a_pair_is_json(session):
    municipality = schools.make_municipality(session)
    pair = json_pair(literal("id"), id_text(schools.Municipality.id))
    assert session.scalar(select(type_coerce(pair, JSON()))) == {"id": str(municipality.id)}
