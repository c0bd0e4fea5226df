"""Rosters staged for one round and one unit."""

import sqlalchemy as sa
from alembic import op

revision = "0016_rosters"
down_revision = "0015_waves"
branch_labels = None
depends_on = None

SOURCES = ("csv", "xlsx", "ss12000")
STATES = ("previewed", "staged", "destroyed")
IS_STAGED = "state = 'staged'"


def upgrade() -> None:
    op.create_table(
        "roster_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Enum(*SOURCES, name="rostersource", native_enum=False, length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_roster_upload_municipality_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_roster_upload_round_id")),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_roster_upload_school_unit_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_roster_upload_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_upload")),
    )
    op.create_index(op.f("ix_roster_upload_municipality_id"), "roster_upload", ["municipality_id"])
    op.create_index(op.f("ix_roster_upload_round_id"), "roster_upload", ["round_id"])
    op.create_table(
        "roster",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="rosterstate", native_enum=False, length=40), nullable=False),
        sa.Column("source", sa.Enum(*SOURCES, name="rostersource", native_enum=False, length=40), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column("protected_count", sa.Integer(), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staged_by_id", sa.Uuid(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("pupils >= 0 AND protected_count >= 0", name=op.f("ck_roster_counts_are_counts")),
        sa.CheckConstraint(
            "(state = 'destroyed') = (destroyed_at IS NOT NULL)", name=op.f("ck_roster_destroyed_has_a_time")
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_roster_municipality_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["roster_upload.id"], name=op.f("fk_roster_upload_id")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_roster_round_id")),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_roster_school_unit_id")),
        sa.ForeignKeyConstraint(["staged_by_id"], ["account.id"], name=op.f("fk_roster_staged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("upload_id", "school_unit_id", name=op.f("uq_roster_upload_id_school_unit_id")),
    )
    op.create_index(op.f("ix_roster_municipality_id"), "roster", ["municipality_id"])
    op.create_index(op.f("ix_roster_round_id"), "roster", ["round_id"])
    op.create_index(op.f("ix_roster_school_unit_id"), "roster", ["school_unit_id"])
    op.create_index(
        "uq_roster_one_staged",
        "roster",
        ["round_id", "school_unit_id"],
        unique=True,
        sqlite_where=sa.text(IS_STAGED),
        postgresql_where=sa.text(IS_STAGED),
    )
    op.create_table(
        "roster_class",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pupils_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("known_absence", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "present >= 0 AND known_absence >= 0 AND missing >= 0 AND present + known_absence + missing <= size",
            name=op.f("ck_roster_class_counts_fit_the_class"),
        ),
        sa.CheckConstraint(
            "NOT is_done OR present + known_absence + missing = size", name=op.f("ck_roster_class_done_adds_up")
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_roster_class_municipality_id")),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_roster_class_roster_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_roster_class_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_class")),
        sa.UniqueConstraint("roster_id", "position", name=op.f("uq_roster_class_roster_id_position")),
    )
    op.create_index(op.f("ix_roster_class_municipality_id"), "roster_class", ["municipality_id"])


def downgrade() -> None:
    op.drop_table("roster_class")
    op.drop_table("roster")
    op.drop_table("roster_upload")
