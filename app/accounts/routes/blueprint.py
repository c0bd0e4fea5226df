"""The blueprint that every page around an account belongs to."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
