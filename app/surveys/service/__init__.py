"""What is done with plans, rounds and invitations."""

from app.surveys.service.invitations import lock_invitation, push_response_state, remind_due, send_due_invitations
from app.surveys.service.plans import edit_plan, import_plans
from app.surveys.service.rounds import close_round, open_round

__all__ = [
    "close_round",
    "edit_plan",
    "import_plans",
    "lock_invitation",
    "open_round",
    "push_response_state",
    "remind_due",
    "send_due_invitations",
]
