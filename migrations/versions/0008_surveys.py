"""Plans, rounds, invitations, reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0008_surveys"
down_revision = "0007_pupils"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("after_summer", "after_christmas", name="plankind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("open_after_days", sa.Integer(), nullable=False),
        sa.Column("remind_after_days", sa.Integer(), nullable=False),
        sa.Column("due_after_days", sa.Integer(), nullable=False),
        sa.Column("close_after_days", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "0 <= open_after_days AND open_after_days < remind_after_days AND remind_after_days < "
            "due_after_days AND due_after_days < close_after_days",
            name=op.f("ck_survey_plan_days_come_in_order"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_survey_plan_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_plan")),
        sa.UniqueConstraint("municipality_id", "kind", name=op.f("uq_survey_plan_municipality_id_kind")),
    )
    op.create_index(op.f("ix_survey_plan_municipality_id"), "survey_plan", ["municipality_id"], unique=False)
    op.create_table(
        "survey_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("term", sa.String(length=7), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("occurrence_key", sa.String(length=40), nullable=False),
        sa.Column("state", sa.Enum("open", "closed", name="roundstate", native_enum=False, length=40), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_survey_round_closed_has_a_time")
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_survey_round_municipality_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["survey_plan.id"], name=op.f("fk_survey_round_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_round")),
        sa.UniqueConstraint(
            "municipality_id", "occurrence_key", name=op.f("uq_survey_round_municipality_id_occurrence_key")
        ),
        sa.UniqueConstraint("plan_id", "year", name=op.f("uq_survey_round_plan_id_year")),
    )
    op.create_index(op.f("ix_survey_round_municipality_id"), "survey_round", ["municipality_id"], unique=False)
    op.create_index(
        "ix_survey_round_open",
        "survey_round",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_id", sa.Uuid(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "not_started", "started", "completed", "submitted", name="invitationstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("is_nil", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing_count", sa.Integer(), nullable=False),
        sa.Column("protected_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'submitted' OR submitted_at IS NOT NULL", name=op.f("ck_invitation_submitted_has_a_time")
        ),
        sa.CheckConstraint(
            "0 <= protected_count AND protected_count <= missing_count", name=op.f("ck_invitation_counts_are_counts")
        ),
        sa.CheckConstraint(
            "opens_at <= remind_at AND remind_at < due_at AND due_at < closes_at",
            name=op.f("ck_invitation_moments_come_in_order"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_invitation_municipality_id")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_invitation_round_id")),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_invitation_school_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("round_id", "school_unit_id", name=op.f("uq_invitation_round_id_school_unit_id")),
    )
    op.create_index(op.f("ix_invitation_municipality_id"), "invitation", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_invitation_school_unit_id"), "invitation", ["school_unit_id"], unique=False)
    op.create_index(
        "ix_invitation_to_open",
        "invitation",
        ["opens_at"],
        unique=False,
        sqlite_where=sa.text("invited_at IS NULL"),
        postgresql_where=sa.text("invited_at IS NULL"),
    )
    op.create_index(
        "ix_invitation_to_remind",
        "invitation",
        ["remind_at"],
        unique=False,
        sqlite_where=sa.text("reminded_at IS NULL AND submitted_at IS NULL"),
        postgresql_where=sa.text("reminded_at IS NULL AND submitted_at IS NULL"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("silent", "started", "completed", name="reminderkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_reminder_invitation_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_reminder_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("invitation_id", "number", name=op.f("uq_reminder_invitation_id_number")),
    )
    op.create_index(op.f("ix_reminder_municipality_id"), "reminder", ["municipality_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reminder_municipality_id"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_index(
        "ix_invitation_to_remind",
        table_name="invitation",
        sqlite_where=sa.text("reminded_at IS NULL AND submitted_at IS NULL"),
        postgresql_where=sa.text("reminded_at IS NULL AND submitted_at IS NULL"),
    )
    op.drop_index(
        "ix_invitation_to_open",
        table_name="invitation",
        sqlite_where=sa.text("invited_at IS NULL"),
        postgresql_where=sa.text("invited_at IS NULL"),
    )
    op.drop_index(op.f("ix_invitation_school_unit_id"), table_name="invitation")
    op.drop_index(op.f("ix_invitation_municipality_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(
        "ix_survey_round_open",
        table_name="survey_round",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_survey_round_municipality_id"), table_name="survey_round")
    op.drop_table("survey_round")
    op.drop_index(op.f("ix_survey_plan_municipality_id"), table_name="survey_plan")
    op.drop_table("survey_plan")
