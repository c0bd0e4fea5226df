"""Pages of this capability."""

from flask import Blueprint

bp = Blueprint("referrals", __name__)
