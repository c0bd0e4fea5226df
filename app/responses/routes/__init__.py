"""The pages of a school: what there is to do, an answer, the pupils in it."""

from app.responses.routes import answers, pupils, questions
from app.responses.routes.blueprint import bp

__all__ = ["answers", "bp", "pupils", "questions"]
