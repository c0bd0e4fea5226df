"""Who a child is."""

import sqlalchemy as sa
from alembic import op

revision = "0007_pupils"
down_revision = "0006_routine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "child",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column(
            "identity_kind",
            sa.Enum("personal", "coordination", "temporary", "none", name="identitykind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("identity_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("home_municipality_code", sa.String(length=4), nullable=True),
        sa.Column("number_index", sa.LargeBinary(), nullable=True),
        sa.Column("temporary_index", sa.LargeBinary(), nullable=True),
        sa.Column("loose_index", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(identity_kind = 'none') = (identity_number_sealed IS NULL)", name=op.f("ck_child_number_fits_kind")
        ),
        sa.CheckConstraint(
            "(identity_kind = 'temporary') = (temporary_index IS NOT NULL)", name=op.f("ck_child_hint_is_indexed")
        ),
        sa.CheckConstraint(
            "(identity_kind IN ('personal', 'coordination')) = (number_index IS NOT NULL)",
            name=op.f("ck_child_proof_is_indexed"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_child_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
        sa.UniqueConstraint("municipality_id", "number_index", name=op.f("uq_child_municipality_id_number_index")),
    )
    op.create_index(op.f("ix_child_municipality_id"), "child", ["municipality_id"], unique=False)
    op.create_index(
        op.f("ix_child_municipality_id_loose_index"), "child", ["municipality_id", "loose_index"], unique=False
    )
    op.create_index(
        op.f("ix_child_municipality_id_temporary_index"), "child", ["municipality_id", "temporary_index"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_child_municipality_id_temporary_index"), table_name="child")
    op.drop_index(op.f("ix_child_municipality_id_loose_index"), table_name="child")
    op.drop_index(op.f("ix_child_municipality_id"), table_name="child")
    op.drop_table("child")
