from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from app.cases.models import Case, Claim
from app.cases.types import Branch, CaseState, ContactSafety, OpenReason, Outcome
from app.kernel.errors import InvalidTransition, Refused

NOW = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)


def make(state=CaseState.TO_ASSESS, **values):
    return Case(
        **{
            "state": state,
            "branch": Branch.NOT_FOUND if state in (CaseState.INVESTIGATING, CaseState.WAITING) else None,
            "step_key": "here",
            "opened_because": OpenReason.UNEXPLAINED,
            "contact_safety": ContactSafety.UNKNOWN,
        }
        | values
    )


MOVES = {
    "assess": lambda case: case.assess(Branch.NOT_FOUND, step_key="next", at=NOW),
    "wait": lambda case: case.wait("hemkommunen"),
    "resume": lambda case: case.resume(),
    "begin_return": lambda case: case.begin_return(step_key="return"),
    "confirm_return": lambda case: case.confirm_return(date(2026, 8, 24), step_key="next", at=NOW),
    "close": lambda case: case.close(Outcome.RETURNED, {}, at=NOW),
    "reopen": lambda case: case.reopen(step_key="assess", routine_version_id=uuid4()),
}
ALLOWED = {
    CaseState.TO_ASSESS: {"assess", "begin_return", "close"},
    CaseState.INVESTIGATING: {"assess", "wait", "begin_return", "close"},
    CaseState.WAITING: {"assess", "resume", "begin_return", "close"},
    CaseState.RETURNING: {"confirm_return", "close"},
    CaseState.CLOSED: {"reopen"},
}


class TestCase:
    @pytest.mark.parametrize("state", CaseState)
    @pytest.mark.parametrize("move", MOVES)
    def test_each_state_allows_its_moves_and_no_other(self, state, move):
        case = make(state)
        if move in ALLOWED[state]:
            MOVES[move](case)
            return
        with pytest.raises(InvalidTransition):
            MOVES[move](case)
        assert case.state is state

    @pytest.mark.parametrize("move", ["assess", "resume", "begin_return", "close"])
    def test_who_was_waited_for_is_forgotten_with_the_waiting(self, move):
        case = make(CaseState.WAITING, waiting_for="hemkommunen")
        MOVES[move](case)
        assert case.waiting_for is None

    def test_a_return_that_was_none_leads_back(self):
        case = make(CaseState.INVESTIGATING)
        case.begin_return(step_key="return")
        case.deny_return()
        assert (case.state, case.step_key, case.interrupted_step_key) == (CaseState.INVESTIGATING, "here", None)

    def test_a_confirmed_return_is_not_denied(self):
        case = make(CaseState.INVESTIGATING)
        case.begin_return(step_key="return")
        case.confirm_return(date(2026, 8, 24), step_key="next", at=NOW)
        with pytest.raises(Refused, match="return_is_confirmed"):
            case.deny_return()

    def test_found_first_is_when_it_was_found(self):
        case = make()
        case.assess(Branch.FOUND_ABROAD, step_key="a", at=NOW)
        case.assess(Branch.FOUND_IN_SCHOOL, step_key="b", at=datetime(2026, 9, 1, tzinfo=UTC))
        assert case.located_at == NOW

    def test_only_an_unknown_outcome_leaves_the_child_unlocated(self):
        for outcome in Outcome:
            case = make()
            case.close(outcome, {}, at=NOW)
            assert (case.located_at is None) is (outcome is Outcome.UNKNOWN)

    @pytest.mark.parametrize("reason", OpenReason)
    def test_a_concern_is_open_until_somebody_settles_it(self, reason):
        case = make(opened_because=reason)
        assert case.is_concern_open is reason.is_concern
        if reason.is_concern:
            case.settle_concern(NOW)
            assert not case.is_concern_open
            case.hear_concern(OpenReason.UNEXPLAINED)
            assert not case.is_concern_open
            case.hear_concern(OpenReason.SUSPECTED)
            assert case.is_concern_open

    @pytest.mark.parametrize("earlier", OpenReason)
    @pytest.mark.parametrize("later", OpenReason)
    def test_what_presses_more_rules(self, earlier, later):
        case = make(opened_because=earlier)
        case.hear_concern(later)
        assert case.opened_because is max(earlier, later, key=lambda reason: reason.weight)

    def test_opened_again_it_knows_nothing_of_how_it_ended(self):
        case = make()
        case.close(Outcome.RETURNED, {"source": "mentor"}, at=NOW)
        case.reopen(step_key="assess", routine_version_id=uuid4())
        assert (case.state, case.outcome, case.outcome_evidence, case.closed_at) == (
            CaseState.TO_ASSESS,
            None,
            None,
            None,
        )


def test_a_claim_is_verified_once():
    claim = Claim()
    claim.verify(uuid4(), at=NOW)
    with pytest.raises(InvalidTransition):
        claim.verify(uuid4(), at=NOW)
