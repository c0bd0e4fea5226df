"""Cases and what is kept with them; by noun in the modules of this folder."""

from app.cases.models.case import Case, CaseCounter
from app.cases.models.kept import CaseNote, CaseSource, Claim, Deadline, SameChildSuggestion

__all__ = ["Case", "CaseCounter", "CaseNote", "CaseSource", "Claim", "Deadline", "SameChildSuggestion"]
