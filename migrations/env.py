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
for module in ("app.kernel.scheduling", "app.web.idempotency"):
    import_module(module)


def run(connection):
    """Migrate on a connection, in its transaction."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database(from_environment().database_url).engine.begin() as own:
        run(own)
