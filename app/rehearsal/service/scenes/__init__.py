"""The scenes of the story by the word they have in it; each calls the services that a page would call."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app.rehearsal.service.scenes import coordinators, follow_ups, referrals, schools

SCENES: Final[Mapping[str, Callable[[Session, dict[str, Any]], None]]] = {
    function.__name__: function
    for function in (
        schools.nil_return,
        schools.answer,
        schools.reported_back,
        follow_ups.follow_up,
        follow_ups.report_now,
        follow_ups.worry,
        coordinators.assign,
        coordinators.assess,
        coordinators.complete_step,
        coordinators.note,
        coordinators.claim,
        coordinators.confirm_return,
        coordinators.settle_concern,
        coordinators.close,
        referrals.report,
        referrals.receiver_opens,
        referrals.receiver_acknowledges,
        referrals.receiver_answers,
        referrals.record_acknowledgement,
        referrals.record_answer,
    )
}
