"""Every row belongs to a municipality, but for those listed here."""

from collections.abc import Iterator

from sqlalchemy import Table, UniqueConstraint

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
UNIQUE_EVERYWHERE = {
    "account.email_index": "one signs in before a municipality is known; who invites a taken address is told nothing",
    "case_source.entry_id": "a random id",
    "outbox_message.dedupe_key": "made of random ids",
    "pupil_return.entry_id": "a random id",
    "sign_in_session.token_hash": "a random token",
}
"""What no two municipalities can both have, and why nobody in one can learn of the other by it."""


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


def test_nobody_is_refused_for_what_another_municipality_has() -> None:
    import_models()
    shared = {
        f"{table.name}.{'+'.join(names)}"
        for table in Model.metadata.tables.values()
        if table.name not in WITHOUT_MUNICIPALITY
        for names in _unique(table)
        if not any(name == "municipality_id" or table.columns[name].foreign_keys for name in names)
    }
    assert shared == set(UNIQUE_EVERYWHERE)


def _unique(table: Table) -> Iterator[list[str]]:
    """Yield the columns of each rule that says that two rows may not be alike."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield [column.name for column in index.columns]
