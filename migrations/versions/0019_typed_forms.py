"""What was typed and not yet saved."""

import sqlalchemy as sa
from alembic import op

revision = "0019_typed_forms"
down_revision = "0018_absence_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "typed_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_typed_form_account_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_typed_form_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_form")),
        sa.UniqueConstraint(
            "municipality_id", "path", "account_id", name=op.f("uq_typed_form_municipality_id_path_account_id")
        ),
    )
    op.create_index(op.f("ix_typed_form_account_id"), "typed_form", ["account_id"], unique=False)
    op.create_index(op.f("ix_typed_form_municipality_id"), "typed_form", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_submitted_form_submitted_at"), "submitted_form", ["submitted_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_submitted_form_submitted_at"), table_name="submitted_form")
    op.drop_index(op.f("ix_typed_form_municipality_id"), table_name="typed_form")
    op.drop_index(op.f("ix_typed_form_account_id"), table_name="typed_form")
    op.drop_table("typed_form")
