"""The routine and the law, with validity dates."""

import sqlalchemy as sa
from alembic import op

revision = "0006_routine"
down_revision = "0005_outbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legal_reference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("short_title", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_legal_reference_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_reference")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_legal_reference_key_valid_from")),
    )
    op.create_table(
        "routine_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("adopted_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_shipped", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_routine_version_number_counts_from_one")),
        sa.ForeignKeyConstraint(["adopted_by_id"], ["account.id"], name=op.f("fk_routine_version_adopted_by_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_routine_version_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routine_version")),
        sa.UniqueConstraint("municipality_id", "number", name=op.f("uq_routine_version_municipality_id_number")),
    )
    op.create_index(op.f("ix_routine_version_municipality_id"), "routine_version", ["municipality_id"], unique=False)
    op.create_table(
        "routine_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("routine_version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "branch",
            sa.Enum(
                "found_in_school",
                "found_in_sweden",
                "found_abroad",
                "not_found",
                name="branch",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "action",
            sa.Enum(
                "assess",
                "complete",
                "report",
                "confirm_return",
                "close",
                name="stepaction",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "responsible",
            sa.Enum("coordinator", "school", name="responsible", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("within_amount", sa.Integer(), nullable=False),
        sa.Column(
            "within_unit",
            sa.Enum("hours", "days", "working_days", "months", name="timeunit", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("urgent_amount", sa.Integer(), nullable=True),
        sa.Column(
            "urgent_unit",
            sa.Enum("hours", "days", "working_days", "months", name="timeunit", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("legal_reference_key", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("next_key", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(urgent_amount IS NULL) = (urgent_unit IS NULL)", name=op.f("ck_routine_step_urgent_time_is_whole")
        ),
        sa.CheckConstraint("within_amount > 0", name=op.f("ck_routine_step_takes_time")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_routine_step_municipality_id")),
        sa.ForeignKeyConstraint(
            ["routine_version_id"], ["routine_version.id"], name=op.f("fk_routine_step_routine_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routine_step")),
        sa.UniqueConstraint("routine_version_id", "key", name=op.f("uq_routine_step_routine_version_id_key")),
        sa.UniqueConstraint("routine_version_id", "position", name=op.f("uq_routine_step_routine_version_id_position")),
    )
    op.create_index(op.f("ix_routine_step_municipality_id"), "routine_step", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_routine_step_routine_version_id"), "routine_step", ["routine_version_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_routine_step_routine_version_id"), table_name="routine_step")
    op.drop_index(op.f("ix_routine_step_municipality_id"), table_name="routine_step")
    op.drop_table("routine_step")
    op.drop_index(op.f("ix_routine_version_municipality_id"), table_name="routine_version")
    op.drop_table("routine_version")
    op.drop_table("legal_reference")
