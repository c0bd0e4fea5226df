"""The pages of a school: what there is to do, an answer, the pupils in it."""

from app.responses.routes import (
    absence_lists,
    answers,
    breaks,
    carrying,
    classes,
    pupils,
    question_sets,
    questions,
    reports,
)
from app.responses.routes.blueprint import bp

__all__ = [
    "absence_lists",
    "answers",
    "bp",
    "breaks",
    "carrying",
    "classes",
    "pupils",
    "question_sets",
    "questions",
    "reports",
]
