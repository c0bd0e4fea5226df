"""The views of cases, by page in the modules of this folder."""

from app.cases.routes import chronology, endings, queue, reading, steps
from app.cases.routes.blueprint import bp

__all__ = ["bp", "chronology", "endings", "queue", "reading", "steps"]
