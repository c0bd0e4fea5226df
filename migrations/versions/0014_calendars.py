"""School years that a unit keeps for itself, and what was told of those that are missing."""

revision = "0014_calendars"
down_revision = "0013_rehearsal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
