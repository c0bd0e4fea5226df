"""Who answers for a unit, as what and until when."""

revision = "0020_who_answers"
down_revision = "0019_typed_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
