"""Who answers for a unit, as what and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0020_who_answers"
down_revision = "0019_typed_forms"
branch_labels = None
depends_on = None

DUTY = sa.Enum("staff", "principal", "acting", "delegate", name="duty", native_enum=False, length=40)
STANDS = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("duty", DUTY, nullable=False, server_default="staff"))
        table.add_column(sa.Column("granted_by_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE membership SET duty = 'principal'"
        " WHERE account_id IN (SELECT id FROM account WHERE role = 'respondent')"
    )
    with op.batch_alter_table("membership") as table:
        table.alter_column("duty", existing_type=DUTY, existing_nullable=False, server_default=None)
        table.drop_constraint(op.f("uq_membership_account_id_school_unit_id_starts_on"), type_="unique")
        table.create_foreign_key(op.f("fk_membership_granted_by_id"), "account", ["granted_by_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_membership_for_a_time_has_an_end"), "duty NOT IN ('acting', 'delegate') OR ends_on IS NOT NULL"
        )
    op.create_index(
        "ix_membership_standing",
        "membership",
        ["account_id", "school_unit_id", "duty", "starts_on"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    _create_invitations()


def _create_invitations() -> None:
    op.create_table(
        "account_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("duty", DUTY, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_account_invitation_ends_after_start")
        ),
        sa.CheckConstraint(
            "duty NOT IN ('acting', 'delegate') OR ends_on IS NOT NULL",
            name=op.f("ck_account_invitation_for_a_time_has_an_end"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_invitation_account_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["account.id"], name=op.f("fk_account_invitation_invited_by_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_account_invitation_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_invitation")),
    )
    for column in ("email_index", "municipality_id"):
        op.create_index(op.f(f"ix_account_invitation_{column}"), "account_invitation", [column], unique=False)
    op.create_table(
        "invited_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["account_invitation.id"], name=op.f("fk_invited_unit_invitation_id")
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_invited_unit_municipality_id")),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_invited_unit_school_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invited_unit")),
        sa.UniqueConstraint(
            "invitation_id", "school_unit_id", name=op.f("uq_invited_unit_invitation_id_school_unit_id")
        ),
    )
    for column in ("municipality_id", "school_unit_id"):
        op.create_index(op.f(f"ix_invited_unit_{column}"), "invited_unit", [column], unique=False)


def downgrade() -> None:
    for column in ("school_unit_id", "municipality_id"):
        op.drop_index(op.f(f"ix_invited_unit_{column}"), table_name="invited_unit")
    op.drop_table("invited_unit")
    for column in ("municipality_id", "email_index"):
        op.drop_index(op.f(f"ix_account_invitation_{column}"), table_name="account_invitation")
    op.drop_table("account_invitation")
    op.drop_index("ix_membership_standing", table_name="membership", sqlite_where=STANDS, postgresql_where=STANDS)
    op.execute("DELETE FROM membership WHERE duty IN ('acting', 'delegate') OR withdrawn_at IS NOT NULL")
    with op.batch_alter_table("membership") as table:
        table.drop_constraint(op.f("ck_membership_for_a_time_has_an_end"), type_="check")
        table.drop_constraint(op.f("fk_membership_granted_by_id"), type_="foreignkey")
        table.create_unique_constraint(
            op.f("uq_membership_account_id_school_unit_id_starts_on"), ["account_id", "school_unit_id", "starts_on"]
        )
        table.drop_column("withdrawn_at")
        table.drop_column("granted_by_id")
        table.drop_column("duty")
