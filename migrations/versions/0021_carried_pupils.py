"""Reports outside rounds, worry before a break, pupils carried forward."""

import sqlalchemy as sa
from alembic import op

revision = "0021_carried_pupils"
down_revision = "0020_who_answers"
branch_labels = None
depends_on = None

FIGURES = "(enrolled IS NOT NULL AND present IS NOT NULL AND known_absence IS NOT NULL)"
ASKS = sa.Enum("return", "worry", "report", name="asks", native_enum=False, length=40)


def upgrade() -> None:
    _remake_response(
        f"state <> 'submitted' OR asks <> 'return' OR {FIGURES}",
        added=sa.Column("asks", ASKS, nullable=False, server_default="return"),
    )
    op.create_table(
        "carried_pupil",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "origin", sa.Enum("missing", "worry", name="carriedfrom", native_enum=False, length=40), nullable=False
        ),
        sa.Column(
            "answer",
            sa.Enum("still_away", "back", "news", "unknown", name="carriedanswer", native_enum=False, length=40),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_carried_pupil_municipality_id")
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_carried_pupil_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_pupil")),
        sa.UniqueConstraint("response_id", "entry_id", name=op.f("uq_carried_pupil_response_id_entry_id")),
    )
    for column in ("municipality_id", "response_id", "entry_id"):
        op.create_index(op.f(f"ix_carried_pupil_{column}"), "carried_pupil", [column], unique=False)
    op.add_column("invitation", sa.Column("back_count", sa.Integer(), nullable=True))
    op.add_column("invitation", sa.Column("new_count", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("invitation", "new_count")
    op.drop_column("invitation", "back_count")
    for column in ("entry_id", "response_id", "municipality_id"):
        op.drop_index(op.f(f"ix_carried_pupil_{column}"), table_name="carried_pupil")
    op.drop_table("carried_pupil")
    _remake_response(f"state <> 'submitted' OR {FIGURES}")


def _remake_response(figures: str, added: sa.Column | None = None) -> None:
    """Add or take away the column, and say when figures are needed.

    SQLite makes the table anew, and would not let go of the old one while pupils hang on it: they are put aside.
    """
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if added is None:
        _forget_answers_without_figures()
    if is_sqlite:
        op.execute("CREATE TABLE missing_pupil_aside AS SELECT * FROM missing_pupil")
        op.execute("DELETE FROM missing_pupil")
    with op.batch_alter_table("response") as batch:
        batch.drop_constraint(op.f("ck_response_submitted_has_figures"), type_="check")
        if added is None:
            batch.drop_column("asks")
        else:
            batch.add_column(added)
        batch.create_check_constraint(op.f("ck_response_submitted_has_figures"), figures)
    if added is not None:
        with op.batch_alter_table("response") as batch:
            batch.alter_column("asks", existing_type=ASKS, server_default=None)
    if is_sqlite:
        op.execute("INSERT INTO missing_pupil SELECT * FROM missing_pupil_aside")
        op.execute("DROP TABLE missing_pupil_aside")


def _forget_answers_without_figures() -> None:
    """Take away what the earlier schema cannot hold: answers to what asks for no figures."""
    op.execute("DELETE FROM missing_pupil WHERE response_id IN (SELECT id FROM response WHERE asks <> 'return')")
    op.execute("DELETE FROM response WHERE asks <> 'return'")
