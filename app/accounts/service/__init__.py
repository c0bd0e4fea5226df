"""What is done with accounts: adding, inviting, signing in, and who answers for which school unit."""

from app.accounts.service.accounts import add_account, disable_account, enable_account, import_accounts
from app.accounts.service.disposal import dispose_of_invitations, dispose_of_old_sessions
from app.accounts.service.invitations import (
    accept_invitation,
    accept_with_account,
    request_new_invitation,
    send_invitation,
    send_invitation_again,
)
from app.accounts.service.links import make_link, request_renewal, use_link
from app.accounts.service.memberships import grant_duty, withdraw_duty, withdraw_invitation
from app.accounts.service.passwords import hash_password
from app.accounts.service.signing_in import note_seen, sign_in, sign_out, start_session

__all__ = [
    "accept_invitation",
    "accept_with_account",
    "add_account",
    "disable_account",
    "dispose_of_invitations",
    "dispose_of_old_sessions",
    "enable_account",
    "grant_duty",
    "hash_password",
    "import_accounts",
    "make_link",
    "note_seen",
    "request_new_invitation",
    "request_renewal",
    "send_invitation",
    "send_invitation_again",
    "sign_in",
    "sign_out",
    "start_session",
    "use_link",
    "withdraw_duty",
    "withdraw_invitation",
]
