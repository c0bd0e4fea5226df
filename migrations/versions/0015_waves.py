"""Waves, reminders by steps, schedules, what is done by hand in a round."""

revision = "0015_waves"
down_revision = "0014_calendars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by its owner."""


def downgrade() -> None:
    """Filled in by its owner."""
