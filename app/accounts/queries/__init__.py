"""Finding accounts, sessions, invitations, and who answers for which school unit."""

from app.accounts.queries.accounts import (
    email_index,
    find_by_email,
    get_account,
    get_account_for_update,
    list_accounts,
    list_by_role,
    list_demo_accounts,
    names_by_id,
)
from app.accounts.queries.invitations import (
    count_account_invitations,
    find_invitation_by_token,
    get_account_invitation,
    list_account_invitations,
    list_forgettable_invitations,
    list_pending_delegations,
    list_pending_for_update,
    list_pending_invitations,
)
from app.accounts.queries.memberships import (
    find_last_day_of_lead,
    get_delegation,
    get_membership,
    list_memberships,
    list_standing,
)
from app.accounts.queries.signing_in import (
    count_attempts,
    count_links,
    exists_long_ended,
    find_session,
    find_usable_link,
    is_long_ended,
    token_hash,
)

__all__ = [
    "count_account_invitations",
    "count_attempts",
    "count_links",
    "email_index",
    "exists_long_ended",
    "find_by_email",
    "find_invitation_by_token",
    "find_last_day_of_lead",
    "find_session",
    "find_usable_link",
    "get_account",
    "get_account_for_update",
    "get_account_invitation",
    "get_delegation",
    "get_membership",
    "is_long_ended",
    "list_account_invitations",
    "list_accounts",
    "list_by_role",
    "list_demo_accounts",
    "list_forgettable_invitations",
    "list_memberships",
    "list_pending_delegations",
    "list_pending_for_update",
    "list_pending_invitations",
    "list_standing",
    "names_by_id",
    "token_hash",
]
