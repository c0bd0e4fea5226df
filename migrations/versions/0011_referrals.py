"""Reports of concern, receivers, hand-overs, links."""

import sqlalchemy as sa
from alembic import op

revision = "0011_referrals"
down_revision = "0010_responses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receiver",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("municipality_name", sa.String(length=120), nullable=False),
        sa.Column("board_name", sa.String(length=120), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_receiver_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiver")),
        sa.UniqueConstraint(
            "municipality_id",
            "municipality_code",
            "board_name",
            name=op.f("uq_receiver_municipality_id_municipality_code_board_name"),
        ),
    )
    op.create_index(op.f("ix_receiver_municipality_id"), "receiver", ["municipality_id"], unique=False)
    op.create_table(
        "report_counter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_report_counter_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_counter")),
        sa.UniqueConstraint("municipality_id", "year", name=op.f("uq_report_counter_municipality_id_year")),
    )
    op.create_index(op.f("ix_report_counter_municipality_id"), "report_counter", ["municipality_id"], unique=False)
    op.create_table(
        "report_of_concern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "handed_over",
                "acknowledged",
                "answered",
                "withdrawn",
                name="reportstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("school_unit_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("receiver_id", sa.Uuid(), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("legal_reference_key", sa.String(length=40), nullable=False),
        sa.Column("feedback_requested", sa.Boolean(), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledge_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "acknowledged_by",
            sa.Enum("link", "coordinator", name="acknowledgedby", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "answer",
            sa.Enum("opened", "not_opened", "ongoing", name="receiveranswer", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answered_by",
            sa.Enum("link", "coordinator", name="acknowledgedby", native_enum=False, length=40),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (answer IS NOT NULL)", name=op.f("ck_report_of_concern_answered_has_answer")
        ),
        sa.CheckConstraint(
            "state <> 'acknowledged' OR acknowledged_at IS NOT NULL",
            name=op.f("ck_report_of_concern_acknowledged_has_time"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (handed_over_at IS NOT NULL AND case_id IS NOT NULL)",
            name=op.f("ck_report_of_concern_handed_over_has_case"),
        ),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            name=op.f("ck_report_of_concern_acknowledged_by_someone"),
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_on IS NULL)", name=op.f("ck_report_of_concern_answer_has_day")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_report_of_concern_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_report_of_concern_case_id")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["report_of_concern.id"], name=op.f("fk_report_of_concern_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_report_of_concern_municipality_id")
        ),
        sa.ForeignKeyConstraint(["receiver_id"], ["receiver.id"], name=op.f("fk_report_of_concern_receiver_id")),
        sa.ForeignKeyConstraint(
            ["school_unit_id"], ["school_unit.id"], name=op.f("fk_report_of_concern_school_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_of_concern")),
        sa.UniqueConstraint(
            "municipality_id", "reference", name=op.f("uq_report_of_concern_municipality_id_reference")
        ),
    )
    op.create_index(op.f("ix_report_of_concern_case_id"), "report_of_concern", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_report_of_concern_municipality_id"), "report_of_concern", ["municipality_id"], unique=False
    )
    op.create_index(
        op.f("ix_report_of_concern_municipality_id_author_id_started_at"),
        "report_of_concern",
        ["municipality_id", "author_id", "started_at"],
        unique=False,
    )
    op.create_index(op.f("ix_report_of_concern_school_unit_id"), "report_of_concern", ["school_unit_id"], unique=False)
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("print", "download", "mail_link", name="handoverchannel", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("document_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_hand_over_by_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_hand_over_municipality_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report_of_concern.id"], name=op.f("fk_hand_over_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("report_id", "channel", name=op.f("uq_hand_over_report_id_channel")),
    )
    op.create_index(op.f("ix_hand_over_municipality_id"), "hand_over", ["municipality_id"], unique=False)
    op.create_table(
        "receiver_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("sendings", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_receiver_link_municipality_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report_of_concern.id"], name=op.f("fk_receiver_link_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiver_link")),
        sa.UniqueConstraint("report_id", name=op.f("uq_receiver_link_report_id")),
    )
    op.create_index(op.f("ix_receiver_link_municipality_id"), "receiver_link", ["municipality_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_receiver_link_municipality_id"), table_name="receiver_link")
    op.drop_table("receiver_link")
    op.drop_index(op.f("ix_hand_over_municipality_id"), table_name="hand_over")
    op.drop_table("hand_over")
    op.drop_index(op.f("ix_report_of_concern_school_unit_id"), table_name="report_of_concern")
    op.drop_index(op.f("ix_report_of_concern_municipality_id_author_id_started_at"), table_name="report_of_concern")
    op.drop_index(op.f("ix_report_of_concern_municipality_id"), table_name="report_of_concern")
    op.drop_index(op.f("ix_report_of_concern_case_id"), table_name="report_of_concern")
    op.drop_table("report_of_concern")
    op.drop_index(op.f("ix_report_counter_municipality_id"), table_name="report_counter")
    op.drop_table("report_counter")
    op.drop_index(op.f("ix_receiver_municipality_id"), table_name="receiver")
    op.drop_table("receiver")
