"""Classes gone through, and absence lists on their way in."""

revision = "0018_absence_lists"
down_revision = "0017_roster_fetches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
