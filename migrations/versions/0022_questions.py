"""The questions, in versions."""

revision = "0022_questions"
down_revision = "0021_carried_pupils"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
