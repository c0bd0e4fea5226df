"""How far a rehearsal's story has been played."""

import sqlalchemy as sa
from alembic import op

revision = "0013_rehearsal"
down_revision = "0012_summaries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "played_scene",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_played_scene_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_played_scene")),
        sa.UniqueConstraint("municipality_id", "position", name=op.f("uq_played_scene_municipality_id_position")),
    )
    op.create_index(op.f("ix_played_scene_municipality_id"), "played_scene", ["municipality_id"], unique=False)
    op.create_table(
        "story_pupil",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_story_pupil_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_pupil")),
        sa.UniqueConstraint("municipality_id", "key", name=op.f("uq_story_pupil_municipality_id_key")),
    )
    op.create_index(op.f("ix_story_pupil_municipality_id"), "story_pupil", ["municipality_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_story_pupil_municipality_id"), table_name="story_pupil")
    op.drop_table("story_pupil")
    op.drop_index(op.f("ix_played_scene_municipality_id"), table_name="played_scene")
    op.drop_table("played_scene")
