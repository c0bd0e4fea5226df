"""Rosters ordered from a register that speaks SS 12000."""

revision = "0017_roster_fetches"
down_revision = "0016_rosters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
