"""Rosters ordered from a register that speaks SS 12000."""

import sqlalchemy as sa
from alembic import op

revision = "0017_roster_fetches"
down_revision = "0016_rosters"
branch_labels = None
depends_on = None

STATES = ("ordered", "fetching", "fetched", "failed")
STEPS = ("units", "pupils", "guardians", "classes", "staging")
FAILURES = (
    "changed",
    "down",
    "endless",
    "error",
    "insecure",
    "interrupted",
    "markings_missing",
    "moved",
    "no_connection",
    "no_pupils",
    "round_over",
    "sign_in",
    "slow",
    "too_much",
    "unreadable",
)
UNFINISHED = "state IN ('ordered', 'fetching')"


def upgrade() -> None:
    op.create_table(
        "register_connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_url", sa.String(length=300), nullable=False),
        sa.Column("token_url", sa.String(length=300), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("omits_unmarked", sa.Boolean(), nullable=False),
        sa.Column("known_units", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_register_connection_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_connection")),
        sa.UniqueConstraint("municipality_id", name=op.f("uq_register_connection_municipality_id")),
    )
    op.create_index(op.f("ix_register_connection_municipality_id"), "register_connection", ["municipality_id"])
    op.create_table(
        "roster_fetch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="fetchstate", native_enum=False, length=40), nullable=False),
        sa.Column("step", sa.Enum(*STEPS, name="fetchstep", native_enum=False, length=40), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by_id", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Enum(*FAILURES, name="fetchfailure", native_enum=False, length=40), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("upload_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("is_dry_run OR round_id IS NOT NULL", name=op.f("ck_roster_fetch_class_lists_have_a_round")),
        sa.CheckConstraint(
            "(state IN ('fetched', 'failed')) = (finished_at IS NOT NULL)",
            name=op.f("ck_roster_fetch_finished_has_a_time"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_roster_fetch_failed_has_a_cause")
        ),
        sa.CheckConstraint(
            "(state = 'fetched') = (result IS NOT NULL)", name=op.f("ck_roster_fetch_fetched_has_a_result")
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_roster_fetch_municipality_id")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_roster_fetch_round_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["account.id"], name=op.f("fk_roster_fetch_ordered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_fetch")),
    )
    op.create_index(op.f("ix_roster_fetch_municipality_id"), "roster_fetch", ["municipality_id"])
    op.create_index("ix_roster_fetch_round_id", "roster_fetch", ["round_id", "ordered_at"])
    op.create_index(
        "uq_roster_fetch_unfinished",
        "roster_fetch",
        ["municipality_id"],
        unique=True,
        sqlite_where=sa.text(UNFINISHED),
        postgresql_where=sa.text(UNFINISHED),
    )


def downgrade() -> None:
    op.drop_index("uq_roster_fetch_unfinished", table_name="roster_fetch")
    op.drop_index("ix_roster_fetch_round_id", table_name="roster_fetch")
    op.drop_index(op.f("ix_roster_fetch_municipality_id"), table_name="roster_fetch")
    op.drop_table("roster_fetch")
    op.drop_index(op.f("ix_register_connection_municipality_id"), table_name="register_connection")
    op.drop_table("register_connection")
