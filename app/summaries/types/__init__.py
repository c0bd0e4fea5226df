"""Values of a term's figures: as counted, as published, and the way from the one to the other."""

from app.summaries.types.disclosure import THRESHOLD, Cell, Key, Sign, protect
from app.summaries.types.figures import AnswerFigures, BandFigures, ChildFigures, Step
from app.summaries.types.published import ChildTable, PublishedTerm
from app.summaries.types.reading import is_count_due, is_last_count
from app.summaries.types.tally import Alike, tally
from app.summaries.types.terms import is_autumn, same_season_before, term_order, year_of

__all__ = [
    "THRESHOLD",
    "Alike",
    "AnswerFigures",
    "BandFigures",
    "Cell",
    "ChildFigures",
    "ChildTable",
    "Key",
    "PublishedTerm",
    "Sign",
    "Step",
    "is_autumn",
    "is_count_due",
    "is_last_count",
    "protect",
    "same_season_before",
    "tally",
    "term_order",
    "year_of",
]
