"""The blueprint that every page about schools belongs to."""

from flask import Blueprint

bp = Blueprint("schools", __name__)
