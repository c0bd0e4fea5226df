"""Municipalities, organisers, units, calendars, the numbers of Ring nu."""

import sqlalchemy as sa
from alembic import op

revision = "0002_schools"
down_revision = "0001_installation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "municipality",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("board_name", sa.String(length=120), nullable=False),
        sa.Column("coordinator_name", sa.String(length=120), nullable=False),
        sa.Column("coordinator_phone", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("code", name=op.f("uq_municipality_code")),
    )
    op.create_table(
        "emergency_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_emergency_number_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_number")),
    )
    op.create_index(op.f("ix_emergency_number_municipality_id"), "emergency_number", ["municipality_id"], unique=False)
    op.create_table(
        "school_organiser",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("municipal", "independent", "region", "state", name="organiserkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("organisation_number", sa.String(length=11), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_school_organiser_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_organiser")),
        sa.UniqueConstraint("municipality_id", "name", name=op.f("uq_school_organiser_municipality_id_name")),
    )
    op.create_index(op.f("ix_school_organiser_municipality_id"), "school_organiser", ["municipality_id"], unique=False)
    op.create_table(
        "school_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("school_forms", sa.String(length=120), nullable=False),
        sa.Column("principal_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("enrolled >= 0", name=op.f("ck_school_unit_enrolled_is_no_debt")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_school_unit_municipality_id")),
        sa.ForeignKeyConstraint(["organiser_id"], ["school_organiser.id"], name=op.f("fk_school_unit_organiser_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_unit")),
        sa.UniqueConstraint(
            "municipality_id", "school_unit_code", name=op.f("uq_school_unit_municipality_id_school_unit_code")
        ),
    )
    op.create_index(op.f("ix_school_unit_municipality_id"), "school_unit", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_school_unit_organiser_id"), "school_unit", ["organiser_id"], unique=False)
    op.create_table(
        "school_year",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=9), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_school_year_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_school_year_municipality_id")),
        sa.ForeignKeyConstraint(["organiser_id"], ["school_organiser.id"], name=op.f("fk_school_year_organiser_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_year")),
        sa.UniqueConstraint("organiser_id", "name", name=op.f("uq_school_year_organiser_id_name")),
    )
    op.create_index(op.f("ix_school_year_municipality_id"), "school_year", ["municipality_id"], unique=False)
    op.create_table(
        "school_break",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("school_year_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "summer", "autumn", "christmas", "winter", "easter", name="breakkind", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_school_break_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_school_break_municipality_id")),
        sa.ForeignKeyConstraint(["school_year_id"], ["school_year.id"], name=op.f("fk_school_break_school_year_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_break")),
        sa.UniqueConstraint("school_year_id", "kind", name=op.f("uq_school_break_school_year_id_kind")),
    )
    op.create_index(op.f("ix_school_break_municipality_id"), "school_break", ["municipality_id"], unique=False)
    op.create_table(
        "term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("school_year_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("autumn", "spring", name="termkind", native_enum=False, length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_term_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_term_municipality_id")),
        sa.ForeignKeyConstraint(["school_year_id"], ["school_year.id"], name=op.f("fk_term_school_year_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("school_year_id", "kind", name=op.f("uq_term_school_year_id_kind")),
    )
    op.create_index(op.f("ix_term_municipality_id"), "term", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_term_starts_on"), "term", ["starts_on"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_term_starts_on"), table_name="term")
    op.drop_index(op.f("ix_term_municipality_id"), table_name="term")
    op.drop_table("term")
    op.drop_index(op.f("ix_school_break_municipality_id"), table_name="school_break")
    op.drop_table("school_break")
    op.drop_index(op.f("ix_school_year_municipality_id"), table_name="school_year")
    op.drop_table("school_year")
    op.drop_index(op.f("ix_school_unit_organiser_id"), table_name="school_unit")
    op.drop_index(op.f("ix_school_unit_municipality_id"), table_name="school_unit")
    op.drop_table("school_unit")
    op.drop_index(op.f("ix_school_organiser_municipality_id"), table_name="school_organiser")
    op.drop_table("school_organiser")
    op.drop_index(op.f("ix_emergency_number_municipality_id"), table_name="emergency_number")
    op.drop_table("emergency_number")
    op.drop_table("municipality")
