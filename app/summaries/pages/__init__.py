"""What the director reads, on the page and as a file."""

from app.summaries.pages.export import term_csv
from app.summaries.pages.term import TermPage

__all__ = ["TermPage", "term_csv"]
