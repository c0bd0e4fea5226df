"""Every row belongs to a municipality, but for those listed here."""

from app.kernel.database import Model
from tests.machine.databases import import_models

WITHOUT_MUNICIPALITY = {
    "installation": "one row that says what the database is",
    "municipality": "the tenant itself",
    "legal_reference": "the law is the same everywhere",
    "job_run": "watches the machine",
    "submitted_form": "a random key of a form, before anyone is known",
    "sign_in_attempt": "counted before anyone is known",
}
"""The tables that have no `municipality_id`, and why."""


def test_every_table_has_a_municipality_or_a_reason() -> None:
    import_models()
    without = {name for name, table in Model.metadata.tables.items() if "municipality_id" not in table.columns}
    assert without == set(WITHOUT_MUNICIPALITY)


def test_the_municipality_is_always_given_and_exists() -> None:
    import_models()
    for table in Model.metadata.tables.values():
        if "municipality_id" in table.columns:
            column = table.columns["municipality_id"]
            assert not column.nullable, table.name
            assert {key.target_fullname for key in column.foreign_keys} == {"municipality.id"}, table.name


def test_every_row_has_a_random_id() -> None:
    import_models()
    for table in Model.metadata.tables.values():
        assert [column.name for column in table.primary_key] == ["id"], table.name
