"""Cases, where they come from, their chronology, claims and deadlines."""

import sqlalchemy as sa
from alembic import op

revision = "0009_cases"
down_revision = "0008_surveys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_counter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_case_counter_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_counter")),
        sa.UniqueConstraint("municipality_id", "year", name=op.f("uq_case_counter_municipality_id_year")),
    )
    op.create_index(op.f("ix_case_counter_municipality_id"), "case_counter", ["municipality_id"], unique=False)
    op.create_table(
        "case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "to_assess",
                "investigating",
                "waiting",
                "returning",
                "closed",
                name="casestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
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
        sa.Column("routine_version_id", sa.Uuid(), nullable=False),
        sa.Column("step_key", sa.String(length=40), nullable=True),
        sa.Column("interrupted_step_key", sa.String(length=40), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "opened_because",
            sa.Enum(
                "unexplained",
                "report_of_concern",
                "suspected",
                "urgent",
                name="openreason",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("school_unit_id", sa.Uuid(), nullable=False),
        sa.Column("school_class_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "grade_band",
            sa.Enum(
                "lower", "middle", "upper", "upper_secondary", "other", name="gradeband", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "contact_safety",
            sa.Enum("unknown", "may", "may_not", "raises_risk", name="contactsafety", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("contact_safety_on", sa.Date(), nullable=True),
        sa.Column("contact_safety_by_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.Column("last_present_on", sa.Date(), nullable=True),
        sa.Column("waiting_for_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("located_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concern_settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "returned",
                "sick",
                "leave_granted",
                "delayed_return",
                "changed_school",
                "moved_municipality",
                "moved_abroad",
                "lasting_stay_abroad",
                "schooled_otherwise",
                "left_the_country",
                "placed_by_social_services",
                "in_sweden_not_attending",
                "left_upper_secondary",
                "deceased",
                "other",
                "unknown",
                name="outcome",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("outcome_evidence_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_case_closed_has_time")),
        sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_case_closed_has_outcome")),
        sa.CheckConstraint("(state = 'closed') = (step_key IS NULL)", name=op.f("ck_case_open_has_step")),
        sa.CheckConstraint(
            "(state = 'waiting') = (waiting_for_sealed IS NOT NULL)", name=op.f("ck_case_waiting_for_someone")
        ),
        sa.CheckConstraint(
            "state NOT IN ('investigating', 'waiting') OR branch IS NOT NULL", name=op.f("ck_case_assessed_has_branch")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (outcome_evidence_sealed IS NULL)", name=op.f("ck_case_outcome_has_evidence")
        ),
        sa.CheckConstraint("returned_on IS NULL OR located_at IS NOT NULL", name=op.f("ck_case_returned_is_located")),
        sa.ForeignKeyConstraint(["assignee_id"], ["account.id"], name=op.f("fk_case_assignee_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_case_child_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_case_municipality_id")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_case_round_id")),
        sa.ForeignKeyConstraint(
            ["routine_version_id"], ["routine_version.id"], name=op.f("fk_case_routine_version_id")
        ),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_case_school_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("municipality_id", "reference", name=op.f("uq_case_municipality_id_reference")),
    )
    op.create_index(op.f("ix_case_assignee_id"), "case", ["assignee_id"], unique=False)
    op.create_index(op.f("ix_case_child_id"), "case", ["child_id"], unique=False)
    op.create_index("ix_case_closed", "case", ["municipality_id", "closed_at"], unique=False)
    op.create_index(op.f("ix_case_municipality_id"), "case", ["municipality_id"], unique=False)
    op.create_index(
        "ix_case_queue",
        "case",
        ["municipality_id", "next_due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index(op.f("ix_case_review_on"), "case", ["review_on"], unique=False)
    op.create_index(op.f("ix_case_round_id"), "case", ["round_id"], unique=False)
    op.create_index(op.f("ix_case_school_unit_id"), "case", ["school_unit_id"], unique=False)
    op.create_index(
        "uq_case_one_open_per_child",
        "case",
        ["child_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "case_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "school_answered",
                "school_changed",
                "report_written",
                "note",
                "phone_call",
                "meeting",
                "letter",
                "identity_changed",
                "identity_withheld",
                "assessed",
                "assigned",
                "step_completed",
                "claim_added",
                "claim_verified",
                "contact_safety_set",
                "waiting",
                "resumed",
                "report_handed_over",
                "report_acknowledged",
                "report_answered",
                "concern_settled",
                "return_reported",
                "return_confirmed",
                "return_denied",
                "closed",
                "reopened",
                name="notekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_label_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_case_note_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_note_case_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["case_note.id"], name=op.f("fk_case_note_corrects_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_case_note_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_case_note_corrects_id")),
    )
    op.create_index(op.f("ix_case_note_case_id_happened_at"), "case_note", ["case_id", "happened_at"], unique=False)
    op.create_index(op.f("ix_case_note_municipality_id"), "case_note", ["municipality_id"], unique=False)
    op.create_table(
        "case_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("content_index", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_source_case_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_case_source_invitation_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_case_source_municipality_id")),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_case_source_school_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_source")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_case_source_entry_id")),
    )
    op.create_index(op.f("ix_case_source_case_id"), "case_source", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_source_invitation_id"), "case_source", ["invitation_id"], unique=False)
    op.create_index(op.f("ix_case_source_municipality_id"), "case_source", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_case_source_school_unit_id"), "case_source", ["school_unit_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "claimed_by",
            sa.Enum(
                "guardian",
                "sibling",
                "relative",
                "friend",
                "child",
                "school_staff",
                "other_school",
                "authority",
                "other",
                "unknown",
                name="claimedby",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("claimed_on", sa.Date(), nullable=True),
        sa.Column(
            "whereabouts",
            sa.Enum("in_school", "in_sweden", "abroad", "unknown", name="whereabouts", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "evidence",
            sa.Enum("none", "oral", "document_seen", "document_stored", name="evidence", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("evidence_text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verified_by_id IS NULL) = (verified_at IS NULL)", name=op.f("ck_claim_verified_by_someone")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_claim_case_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_claim_municipality_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["account.id"], name=op.f("fk_claim_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_case_id"), "claim", ["case_id"], unique=False)
    op.create_index(op.f("ix_claim_municipality_id"), "claim", ["municipality_id"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "step",
                "new_information",
                "waiting",
                "report_acknowledgement",
                "report_answer",
                name="deadlinekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("label_key", sa.String(length=40), nullable=False),
        sa.Column("legal_reference_key", sa.String(length=40), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("met_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_deadline_met_or_cancelled")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_deadline_case_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_deadline_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_case_id"), "deadline", ["case_id"], unique=False)
    op.create_index(op.f("ix_deadline_municipality_id"), "deadline", ["municipality_id"], unique=False)
    op.create_index(
        "uq_deadline_one_running_step",
        "deadline",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'step' AND met_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("kind = 'step' AND met_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_table(
        "same_child_suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "same_number",
                "same_temporary_number",
                "same_name_and_birth_date",
                name="suggestionreason",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("case_id <> other_case_id", name=op.f("ck_same_child_suggestion_two_cases")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_same_child_suggestion_case_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_same_child_suggestion_municipality_id")
        ),
        sa.ForeignKeyConstraint(["other_case_id"], ["case.id"], name=op.f("fk_same_child_suggestion_other_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_same_child_suggestion")),
        sa.UniqueConstraint("case_id", "other_case_id", name=op.f("uq_same_child_suggestion_case_id_other_case_id")),
    )
    op.create_index(
        op.f("ix_same_child_suggestion_municipality_id"), "same_child_suggestion", ["municipality_id"], unique=False
    )
    op.create_index(
        op.f("ix_same_child_suggestion_other_case_id"), "same_child_suggestion", ["other_case_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_same_child_suggestion_other_case_id"), table_name="same_child_suggestion")
    op.drop_index(op.f("ix_same_child_suggestion_municipality_id"), table_name="same_child_suggestion")
    op.drop_table("same_child_suggestion")
    op.drop_index(
        "uq_deadline_one_running_step",
        table_name="deadline",
        sqlite_where=sa.text("kind = 'step' AND met_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("kind = 'step' AND met_at IS NULL AND cancelled_at IS NULL"),
    )
    op.drop_index(op.f("ix_deadline_municipality_id"), table_name="deadline")
    op.drop_index(op.f("ix_deadline_case_id"), table_name="deadline")
    op.drop_table("deadline")
    op.drop_index(op.f("ix_claim_municipality_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_case_id"), table_name="claim")
    op.drop_table("claim")
    op.drop_index(op.f("ix_case_source_school_unit_id"), table_name="case_source")
    op.drop_index(op.f("ix_case_source_municipality_id"), table_name="case_source")
    op.drop_index(op.f("ix_case_source_invitation_id"), table_name="case_source")
    op.drop_index(op.f("ix_case_source_case_id"), table_name="case_source")
    op.drop_table("case_source")
    op.drop_index(op.f("ix_case_note_municipality_id"), table_name="case_note")
    op.drop_index(op.f("ix_case_note_case_id_happened_at"), table_name="case_note")
    op.drop_table("case_note")
    op.drop_index(
        "uq_case_one_open_per_child",
        table_name="case",
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_index(op.f("ix_case_school_unit_id"), table_name="case")
    op.drop_index(op.f("ix_case_round_id"), table_name="case")
    op.drop_index(op.f("ix_case_review_on"), table_name="case")
    op.drop_index(
        "ix_case_queue",
        table_name="case",
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_index(op.f("ix_case_municipality_id"), table_name="case")
    op.drop_index("ix_case_closed", table_name="case")
    op.drop_index(op.f("ix_case_child_id"), table_name="case")
    op.drop_index(op.f("ix_case_assignee_id"), table_name="case")
    op.drop_table("case")
    op.drop_index(op.f("ix_case_counter_municipality_id"), table_name="case_counter")
    op.drop_table("case_counter")
