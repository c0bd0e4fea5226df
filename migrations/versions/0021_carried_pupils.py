"""Reports outside rounds, worry before a break, pupils carried forward."""

revision = "0021_carried_pupils"
down_revision = "0020_who_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
