"""What was typed and not yet saved."""

revision = "0019_typed_forms"
down_revision = "0018_absence_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
