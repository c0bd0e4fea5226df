"""The blueprint of pages about class lists."""

from typing import Final

from flask import Blueprint

bp = Blueprint("rosters", __name__)

UNPROCESSABLE: Final = 422
