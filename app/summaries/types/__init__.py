"""Values of a term's figures: as counted, as published, and the way from the one to the other."""

from app.summaries.types.disclosure import THRESHOLD, Cell, Key, Sign, protect
from app.summaries.types.figures import AnswerFigures, BandFigures, ChildFigures, Step
from app.summaries.types.published import ChildTable, PublishedTerm
from app.summaries.types.reading import is_count_due, is_last_count

__all__ = [
    "THRESHOLD",
    "AnswerFigures",
    "BandFigures",
    "Cell",
    "ChildFigures",
    "ChildTable",
    "Key",
    "PublishedTerm",
    "Sign",
    "Step",
    "is_count_due",
    "is_last_count",
    "protect",
]
