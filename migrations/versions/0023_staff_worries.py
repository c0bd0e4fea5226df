"""Worries that staff report without answering for the unit."""

import sqlalchemy as sa
from alembic import op

revision = "0023_staff_worries"
down_revision = "0022_questions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitation") as batch:
        batch.add_column(sa.Column("begun_by_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_invitation_begun_by_id"), "account", ["begun_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("invitation") as batch:
        batch.drop_constraint(op.f("fk_invitation_begun_by_id"), type_="foreignkey")
        batch.drop_column("begun_by_id")
