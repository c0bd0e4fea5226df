"""Classes gone through, and absence lists on their way in."""

import sqlalchemy as sa
from alembic import op

revision = "0018_absence_lists"
down_revision = "0017_roster_fetches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("school_unit_id", sa.Uuid(), nullable=False),
        sa.Column("previewed_by_id", sa.Uuid(), nullable=False),
        sa.Column("previewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("protected_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_absence_list_invitation_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_absence_list_municipality_id")),
        sa.ForeignKeyConstraint(["previewed_by_id"], ["account.id"], name=op.f("fk_absence_list_previewed_by_id")),
        sa.ForeignKeyConstraint(["school_unit_id"], ["school_unit.id"], name=op.f("fk_absence_list_school_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_list")),
        sa.UniqueConstraint(
            "invitation_id", "previewed_by_id", name=op.f("uq_absence_list_invitation_id_previewed_by_id")
        ),
    )
    for column in ("municipality_id", "school_unit_id", "previewed_by_id"):
        op.create_index(op.f(f"ix_absence_list_{column}"), "absence_list", [column], unique=False)
    op.add_column("response", sa.Column("follows_classes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("response", sa.Column("unlisted_present", sa.Integer(), nullable=True))
    op.add_column("response", sa.Column("unlisted_known_absence", sa.Integer(), nullable=True))
    op.add_column("missing_pupil", sa.Column("roster_class_id", sa.Uuid(), nullable=True))
    op.add_column("missing_pupil", sa.Column("roster_key", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("missing_pupil", "roster_key")
    op.drop_column("missing_pupil", "roster_class_id")
    op.drop_column("response", "unlisted_known_absence")
    op.drop_column("response", "unlisted_present")
    op.drop_column("response", "follows_classes")
    for column in ("previewed_by_id", "school_unit_id", "municipality_id"):
        op.drop_index(op.f(f"ix_absence_list_{column}"), table_name="absence_list")
    op.drop_table("absence_list")
