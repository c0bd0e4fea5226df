"""The audit: chained rows that triggers keep from change, their heads, what lists showed."""

import sqlalchemy as sa
from alembic import op

revision = "0004_audit"
down_revision = "0003_accounts"
branch_labels = None
depends_on = None

TABLES = ("audit_row", "audit_shown")
WAYS = ("UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_audit_head_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
        sa.UniqueConstraint("municipality_id", name=op.f("uq_audit_head_municipality_id")),
    )
    op.create_index(op.f("ix_audit_head_municipality_id"), "audit_head", ["municipality_id"], unique=False)
    op.create_table(
        "audit_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=True),
        sa.Column("actor_role", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_audit_row_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_row")),
        sa.UniqueConstraint("municipality_id", "sequence", name=op.f("uq_audit_row_municipality_id_sequence")),
    )
    op.create_index(op.f("ix_audit_row_municipality_id"), "audit_row", ["municipality_id"], unique=False)
    op.create_index(
        op.f("ix_audit_row_municipality_id_object_id"), "audit_row", ["municipality_id", "object_id"], unique=False
    )
    op.create_table(
        "audit_shown",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_audit_shown_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_shown")),
    )
    op.create_index(op.f("ix_audit_shown_municipality_id"), "audit_shown", ["municipality_id"], unique=False)
    op.create_index(
        op.f("ix_audit_shown_municipality_id_object_id"), "audit_shown", ["municipality_id", "object_id"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        _forbid_on_sqlite()
    else:
        _forbid_on_postgresql()


def _forbid_on_sqlite() -> None:
    for table in TABLES:
        for way in WAYS:
            op.execute(
                f"CREATE TRIGGER {table}_no_{way.lower()} BEFORE {way} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )


def _forbid_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_shown_municipality_id_object_id"), table_name="audit_shown")
    op.drop_index(op.f("ix_audit_shown_municipality_id"), table_name="audit_shown")
    op.drop_table("audit_shown")
    op.drop_index(op.f("ix_audit_row_municipality_id_object_id"), table_name="audit_row")
    op.drop_index(op.f("ix_audit_row_municipality_id"), table_name="audit_row")
    op.drop_table("audit_row")
    op.drop_index(op.f("ix_audit_head_municipality_id"), table_name="audit_head")
    op.drop_table("audit_head")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")
