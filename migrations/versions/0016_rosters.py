"""Rosters staged for one round and one unit."""

revision = "0016_rosters"
down_revision = "0015_waves"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
