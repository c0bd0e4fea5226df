"""The questions, in versions."""

import sqlalchemy as sa
from alembic import op

revision = "0022_questions"
down_revision = "0021_carried_pupils"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_question_version_by_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_question_version_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_version")),
        sa.UniqueConstraint("municipality_id", "number", name=op.f("uq_question_version_municipality_id_number")),
    )
    op.create_index(op.f("ix_question_version_municipality_id"), "question_version", ["municipality_id"], unique=False)
    with op.batch_alter_table("response") as batch:
        batch.add_column(sa.Column("question_version_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_response_question_version_id"), "question_version", ["question_version_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("response") as batch:
        batch.drop_constraint(op.f("fk_response_question_version_id"), type_="foreignkey")
        batch.drop_column("question_version_id")
    op.drop_index(op.f("ix_question_version_municipality_id"), table_name="question_version")
    op.drop_table("question_version")
