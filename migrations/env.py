"""Run migrations: one at a time on a database, and never waiting long for a lock that somebody else holds."""

from importlib import import_module
from pathlib import Path

from alembic import context
from sqlalchemy import text

import app
from app.kernel.database import Database, Model
from config import from_environment

LOCK = 7_240_815
"""Any number will do, as long as every process that migrates takes the same."""

for models in sorted(Path(app.__file__).parent.glob("*/models*")):
    import_module(f"app.{models.parent.name}.models")
for module in ("app.kernel.scheduling", "app.kernel.submitted_forms", "app.kernel.typed_forms"):
    import_module(module)


def lift_foreign_keys(connection):
    """Let SQLite make a changed table anew while others refer to it; the connection is nobody else's afterwards.

    Foreign keys cannot be turned off inside a transaction, so it is left for a moment.
    """
    connection.detach()
    for statement in ("COMMIT", "PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"):
        connection.exec_driver_sql(statement)


def require_foreign_keys(connection):
    """Raise when a migration has left a row that refers to nothing."""
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"rows refer to nothing after migrating: {sorted({row[0] for row in broken})}")


def run(connection):
    """Migrate on a connection, in its transaction."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        lift_foreign_keys(connection)
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
    )
    with context.begin_transaction():
        if not is_sqlite:
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        context.run_migrations()
        if is_sqlite:
            require_foreign_keys(connection)


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database(from_environment().database_url).engine.begin() as own:
        run(own)
