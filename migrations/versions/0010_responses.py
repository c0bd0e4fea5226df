"""What schools answer, in versions."""

import sqlalchemy as sa
from alembic import op

revision = "0010_responses"
down_revision = "0009_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pupil_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_id", sa.Uuid(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_pupil_return_municipality_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["account.id"], name=op.f("fk_pupil_return_reported_by_id")),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_pupil_return_school_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_return")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_pupil_return_entry_id")),
    )
    op.create_index(op.f("ix_pupil_return_municipality_id"), "pupil_return", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_pupil_return_school_unit_id"), "pupil_return", ["school_unit_id"], unique=False)
    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state", sa.Enum("draft", "submitted", name="responsestate", native_enum=False, length=40), nullable=False
        ),
        sa.Column("enrolled", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("known_absence", sa.Integer(), nullable=True),
        sa.Column("protected_known_absence", sa.Integer(), nullable=False),
        sa.Column("protected_missing", sa.Integer(), nullable=False),
        sa.Column("is_nil", sa.Boolean(), nullable=False),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("signed_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state <> 'submitted' OR (enrolled IS NOT NULL AND present IS NOT NULL AND known_absence IS NOT NULL)",
            name=op.f("ck_response_submitted_has_figures"),
        ),
        sa.CheckConstraint(
            "state <> 'submitted' OR (submitted_at IS NOT NULL AND signed_name_sealed IS NOT NULL AND declared)",
            name=op.f("ck_response_submitted_is_signed"),
        ),
        sa.CheckConstraint(
            "coalesce(enrolled, 0) >= 0 AND coalesce(present, 0) >= 0 AND coalesce(known_absence, 0) >= "
            "0 AND protected_known_absence >= 0 AND protected_missing >= 0",
            name=op.f("ck_response_figures_not_negative"),
        ),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_response_invitation_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_response_municipality_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_response_saved_by_id")),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_response_school_unit_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["account.id"], name=op.f("fk_response_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("invitation_id", "number", name=op.f("uq_response_invitation_id_number")),
    )
    op.create_index(op.f("ix_response_invitation_id"), "response", ["invitation_id"], unique=False)
    op.create_index(op.f("ix_response_municipality_id"), "response", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_response_school_unit_id"), "response", ["school_unit_id"], unique=False)
    op.create_index(
        "uq_response_one_draft",
        "response",
        ["invitation_id"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "missing_pupil",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "concern",
            sa.Enum("none", "unclear", "suspected", "confirmed", name="concern", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "grade_band",
            sa.Enum(
                "lower", "middle", "upper", "upper_secondary", "other", name="gradeband", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_missing_pupil_municipality_id")
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_missing_pupil_response_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_missing_pupil_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_pupil")),
        sa.UniqueConstraint("response_id", "entry_id", name=op.f("uq_missing_pupil_response_id_entry_id")),
    )
    op.create_index(op.f("ix_missing_pupil_entry_id"), "missing_pupil", ["entry_id"], unique=False)
    op.create_index(op.f("ix_missing_pupil_municipality_id"), "missing_pupil", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_missing_pupil_response_id"), "missing_pupil", ["response_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_missing_pupil_response_id"), table_name="missing_pupil")
    op.drop_index(op.f("ix_missing_pupil_municipality_id"), table_name="missing_pupil")
    op.drop_index(op.f("ix_missing_pupil_entry_id"), table_name="missing_pupil")
    op.drop_table("missing_pupil")
    op.drop_index(
        "uq_response_one_draft",
        table_name="response",
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.drop_index(op.f("ix_response_school_unit_id"), table_name="response")
    op.drop_index(op.f("ix_response_municipality_id"), table_name="response")
    op.drop_index(op.f("ix_response_invitation_id"), table_name="response")
    op.drop_table("response")
    op.drop_index(op.f("ix_pupil_return_school_unit_id"), table_name="pupil_return")
    op.drop_index(op.f("ix_pupil_return_municipality_id"), table_name="pupil_return")
    op.drop_table("pupil_return")
