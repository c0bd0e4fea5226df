"""Freezing terms, and taking in those from before the product."""

from app.summaries.service.freezing import freeze_term
from app.summaries.service.history import import_history

__all__ = ["freeze_term", "import_history"]
