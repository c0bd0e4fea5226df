"""School years that a unit keeps for itself, and what was told of those that are missing."""

import sqlalchemy as sa
from alembic import op

revision = "0014_calendars"
down_revision = "0013_rehearsal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("school_year") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("school_unit_id", sa.Uuid(), nullable=True))
        table.alter_column("organiser_id", existing_type=sa.Uuid(), nullable=True)
        table.create_foreign_key(op.f("fk_school_year_school_unit_id"), "school_unit", ["school_unit_id"], ["id"])
        table.create_unique_constraint(op.f("uq_school_year_school_unit_id_name"), ["school_unit_id", "name"])
        table.create_check_constraint(
            op.f("ck_school_year_has_one_owner"), "(organiser_id IS NULL) <> (school_unit_id IS NULL)"
        )
    with op.batch_alter_table("school_year") as table:
        table.alter_column("version", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("school_break") as table:
        table.drop_constraint(op.f("uq_school_break_school_year_id_kind"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_school_break_school_year_id_kind_starts_on"), ["school_year_id", "kind", "starts_on"]
        )
    op.create_table(
        "calendar_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("occasion", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_calendar_notice_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["school_organiser.id"], name=op.f("fk_calendar_notice_organiser_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_notice")),
        sa.UniqueConstraint(
            "organiser_id", "school_year", "occasion", name=op.f("uq_calendar_notice_organiser_id_school_year_occasion")
        ),
    )
    op.create_index(op.f("ix_calendar_notice_municipality_id"), "calendar_notice", ["municipality_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_calendar_notice_municipality_id"), table_name="calendar_notice")
    op.drop_table("calendar_notice")
    year = sa.table("school_year", sa.column("id"), sa.column("school_unit_id"))
    own = sa.select(year.c.id).where(year.c.school_unit_id.is_not(None))
    for name in ("term", "school_break"):
        part = sa.table(name, sa.column("school_year_id"))
        op.execute(sa.delete(part).where(part.c.school_year_id.in_(own)))
    op.execute("DELETE FROM school_break WHERE kind = 'day_off'")
    op.execute("DELETE FROM school_year WHERE school_unit_id IS NOT NULL")
    with op.batch_alter_table("school_break") as table:
        table.drop_constraint(op.f("uq_school_break_school_year_id_kind_starts_on"), type_="unique")
        table.create_unique_constraint(op.f("uq_school_break_school_year_id_kind"), ["school_year_id", "kind"])
    with op.batch_alter_table("school_year") as table:
        table.drop_constraint(op.f("ck_school_year_has_one_owner"), type_="check")
        table.drop_constraint(op.f("uq_school_year_school_unit_id_name"), type_="unique")
        table.drop_constraint(op.f("fk_school_year_school_unit_id"), type_="foreignkey")
        table.alter_column("organiser_id", existing_type=sa.Uuid(), nullable=False)
        table.drop_column("school_unit_id")
        table.drop_column("version")
