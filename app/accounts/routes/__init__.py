"""The views around an account: signing in, passwords, invitations, the accounts and the audit."""

from app.accounts.routes import accounts, audit, invitations, passwords, signing_in
from app.accounts.routes.blueprint import bp
from app.accounts.routes.sessions import init_app

__all__ = ["accounts", "audit", "bp", "init_app", "invitations", "passwords", "signing_in"]
