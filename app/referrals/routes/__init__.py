"""The pages of reports of concern: writing, handing over, what the board sees, and the receivers' register."""

from app.referrals.routes import drafts, reading, receivers, reception, sending
from app.referrals.routes.blueprint import bp

__all__ = ["bp", "drafts", "reading", "receivers", "reception", "sending"]
