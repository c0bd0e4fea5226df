"""Frozen term figures."""

import sqlalchemy as sa
from alembic import op

revision = "0012_summaries"
down_revision = "0011_referrals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "term_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.String(length=7), nullable=False),
        sa.Column("sort_key", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.CheckConstraint("sort_key > 0", name=op.f("ck_term_snapshot_sort_key_is_an_order")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_term_snapshot_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_snapshot")),
        sa.UniqueConstraint("municipality_id", "term", name=op.f("uq_term_snapshot_municipality_id_term")),
    )
    op.create_index(op.f("ix_term_snapshot_municipality_id"), "term_snapshot", ["municipality_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_term_snapshot_municipality_id"), table_name="term_snapshot")
    op.drop_table("term_snapshot")
