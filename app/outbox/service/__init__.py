"""What is done with messages: queueing them, sending them, and taking back those that did not arrive."""

from app.outbox.service.delivering import LEASE, LOST_IN_A_ROW, MOST_ATTEMPTS, Composer, deliver_due
from app.outbox.service.queueing import enqueue, enqueue_all, enqueue_from
from app.outbox.service.returns import take_back

__all__ = [
    "LEASE",
    "LOST_IN_A_ROW",
    "MOST_ATTEMPTS",
    "Composer",
    "deliver_due",
    "enqueue",
    "enqueue_all",
    "enqueue_from",
    "take_back",
]
